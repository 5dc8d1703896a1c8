import { canonicalJson } from '../../canonical-json.js';
import { fieldOf, isDocument, type Document } from '../../document.js';
import { minus, type Fraction } from '../../interchange/fraction.js';
import { exactTime } from '../times.js';
import type { Path } from '../conflict.js';

/** A shot as a merge looks at it: its action and what that is made of, as far as it is there. */
export interface FilmShot {
  id: string;
  row: string | number;
  action: Document;
  item: Document | undefined;
  clipId: string | undefined;
  clip: Document | undefined;
  effectId: string | undefined;
  effect: Document | undefined;
  start: Fraction;
  end: Fraction;
  /** From where in its media it plays, where the document says so. */
  source: Fraction | undefined;
  /** What it shows: shots of the same media say the same. */
  media: string;
}

/** The shots of a document by the ids of their actions, each read when it is asked for. */
export class FilmShots {
  readonly actions = new Map<string, { row: string | number; action: Document }>();

  constructor(readonly document: Document) {
    const rows = document.editorData;
    if (!Array.isArray(rows)) return;
    for (const row of rows as unknown[]) {
      const [id, actions] = [fieldOf(row, 'id'), fieldOf(row, 'actions')];
      if ((typeof id !== 'string' && typeof id !== 'number') || !Array.isArray(actions)) continue;
      for (const action of actions as unknown[])
        if (isDocument(action) && typeof action.id === 'string') this.actions.set(action.id, { row: id, action });
    }
  }

  /** The shot, if it has a place in time. */
  shot(id: string): FilmShot | undefined {
    const found = this.actions.get(id);
    const [start, end] = [exactTime(found?.action.start), exactTime(found?.action.end)];
    if (!found || !start || !end || minus(end, start).n <= 0n) return undefined;
    const effectId = textIn(found.action, 'effectId');
    const item = this.thing('timelineItems', id);
    const clipId = textIn(item, 'clipId');
    const clip = this.thing('clips', clipId);
    const effect = effectId === undefined ? undefined : documentIn(this.document.effects, effectId);
    const assetId = textIn(clip, 'assetId');
    const media =
      assetId !== undefined
        ? ['asset', assetId]
        : effect?.source != null
          ? ['source', effect.source]
          : ['effect', effectId];
    return {
      id,
      ...found,
      item,
      clipId,
      clip,
      effectId,
      effect,
      start,
      end,
      source: exactTime(fieldOf(clip, 'startOffset')),
      media: canonicalJson(media),
    };
  }

  has(table: 'clips' | 'effects', id: string): boolean {
    return table === 'effects'
      ? documentIn(this.document.effects, id) !== undefined
      : this.thing(table, id) !== undefined;
  }

  private thing(table: string, id: string | undefined): Document | undefined {
    return id === undefined ? undefined : documentIn(fieldOf(this.document.editorState, table), id);
  }
}

export const actionPath = ({ row, id }: { row: string | number; id: string }): Path => [
  'editorData',
  row,
  'actions',
  id,
];
export const itemPath = (id: string): Path => ['editorState', 'timelineItems', id];
export const clipPath = (id: string): Path => ['editorState', 'clips', id];
export const effectPath = (id: string): Path => ['effects', id];

/** A field of text, if it is one. */
export function textIn(thing: unknown, field: string): string | undefined {
  const text = fieldOf(thing, field);
  return typeof text === 'string' ? text : undefined;
}

function documentIn(table: unknown, id: string): Document | undefined {
  const thing = fieldOf(table, id);
  return isDocument(thing) ? thing : undefined;
}
