import { fieldOf, isDocument, type Document } from '../../document.js';
import type { Made } from './cut-everywhere.js';

/** The document with shots that were made of its own, each in place of what it was, or behind what it was cut off. */
export function withShots(document: Document, made: readonly Made[]): Document {
  if (made.length === 0) return document;
  const state = isDocument(document.editorState) ? document.editorState : undefined;
  const items = made.flatMap(({ item, id, was }): Entry[] => (item ? [[id, was === id ? undefined : was, item]] : []));
  const clips = made.flatMap(({ clip }) => (clip ? [clip] : []));
  const effects = made.flatMap(({ effect }) => (effect ? [effect] : []));
  return {
    ...document,
    editorData: (document.editorData as unknown[]).map((row) => withActions(row, made)),
    ...(effects.length > 0 && { effects: withEntries(document.effects, effects) }),
    ...(state &&
      items.length + clips.length > 0 && {
        editorState: {
          ...state,
          ...(items.length > 0 && { timelineItems: withEntries(state.timelineItems, items) }),
          ...(clips.length > 0 && { clips: withEntries(state.clips, clips) }),
        },
      }),
  };
}

type Entry = [id: string, was: string | undefined, thing: Document];

function withActions(row: unknown, made: readonly Made[]): unknown {
  const actions = fieldOf(row, 'actions');
  if (!isDocument(row) || !Array.isArray(actions)) return row;
  const result = (actions as unknown[]).flatMap((action) => {
    const id = fieldOf(action, 'id');
    const own = made.find(({ was }) => was === id);
    const behind = made.filter((one) => one.was === undefined && one.behind === id);
    return [own ? own.action : action, ...behind.map((one) => one.action)];
  });
  return { ...row, actions: result };
}

function withEntries(table: unknown, entries: readonly Entry[]): Document {
  const result = new Map(Object.entries(isDocument(table) ? table : {}));
  for (const [, was] of entries) if (was !== undefined) result.delete(was);
  for (const [id, , thing] of entries) result.set(id, thing);
  return Object.fromEntries(result);
}
