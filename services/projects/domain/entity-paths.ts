import { isDocument, type Document } from '#libs/timeline/document';
import { valueAt, whereabouts } from '#libs/timeline/merge/at-path';
import type { Path } from '#libs/timeline/merge/conflict';

/** The things of a film that have an id of their own. */
export type EntityKind =
  'track' | 'shot' | 'scene' | 'beat' | 'character' | 'asset' | 'effect' | 'timeline_item' | 'clip';

const TABLES: Record<Exclude<EntityKind, 'track' | 'shot'>, Path> = {
  scene: ['editorState', 'scenes'],
  beat: ['editorState', 'beats'],
  character: ['editorState', 'characters'],
  asset: ['editorState', 'assets'],
  clip: ['editorState', 'clips'],
  timeline_item: ['editorState', 'timelineItems'],
  effect: ['effects'],
};

/** The way to a thing in a document, or nothing when it is not there. Ids of numbers are found by their text. */
export function pathOfEntity(document: Document, entity: EntityKind, id: string): Path | undefined {
  const ids = /^-?\d+$/.test(id) ? [id, Number(id)] : [id];
  const paths: Path[] = ids.map((one) => {
    if (entity === 'track') return ['editorData', one];
    if (entity === 'shot') return ['editorData', '', 'actions', one];
    return [...TABLES[entity], id];
  });
  return paths.map((path) => whereabouts(document, path)).find((path) => valueAt(document, path) !== undefined);
}

/** The thing itself, wherever it stands. */
export function entityIn(document: Document, entity: EntityKind, id: string): Document | undefined {
  const path = pathOfEntity(document, entity, id);
  const thing = path === undefined ? undefined : valueAt(document, path);
  return isDocument(thing) ? thing : undefined;
}
