import { isDocument, type Document } from '../../document.js';
import type { PlaceKind } from './loss.js';

/** What a film is made of, by kind: each thing by its id, shots by those of their actions with the row they lie on. */
export type FilmThings = Record<ThingKind, Map<string, Document>>;

const MAPS = {
  scene: 'scenes',
  beat: 'beats',
  character: 'characters',
  asset: 'assets',
  clip: 'clips',
  timeline_item: 'timelineItems',
} as const;

export type ThingKind = keyof typeof MAPS | ('track' | 'shot' | ('effect' & PlaceKind));

/** Of two things of a kind with one id the first counts. */
export function thingsOf({ editorData, effects, editorState }: Document): FilmThings {
  const state = isDocument(editorState) ? editorState : {};
  const rows = (Array.isArray(editorData) ? (editorData as unknown[]) : []).filter(isDocument);
  const tracks = new Map<string, Document>();
  const shots = new Map<string, Document>();
  for (const { actions, ...row } of rows) {
    const track = typeof row.id === 'string' ? row.id : undefined;
    if (track !== undefined && !tracks.has(track)) tracks.set(track, row);
    for (const action of Array.isArray(actions) ? (actions as unknown[]) : []) {
      if (!isDocument(action) || typeof action.id !== 'string' || shots.has(action.id)) continue;
      shots.set(action.id, { ...action, ...(track !== undefined && { row: track }) });
    }
  }
  const maps = Object.entries(MAPS).map(([kind, key]) => [kind, thingsIn(state[key])]);
  return { ...(Object.fromEntries(maps) as FilmThings), track: tracks, shot: shots, effect: thingsIn(effects) };
}

const thingsIn = (map: unknown): Map<string, Document> =>
  new Map(
    isDocument(map) ? Object.entries(map).filter((entry): entry is [string, Document] => isDocument(entry[1])) : [],
  );

/** Actions whose id another before them has too, with the rows they lie on. */
export function doublesOf({ editorData }: Document): { id: string; row: Document }[] {
  const seen = new Set<string>();
  const rows = (Array.isArray(editorData) ? (editorData as unknown[]) : []).filter(isDocument);
  return rows.flatMap((row) =>
    (Array.isArray(row.actions) ? (row.actions as unknown[]) : []).flatMap((action) => {
      const id = isDocument(action) && typeof action.id === 'string' ? action.id : undefined;
      if (id === undefined || !seen.has(id)) return (id !== undefined && seen.add(id), []);
      return [{ id, row }];
    }),
  );
}
