import { ownField } from '../diff/diff-values.js';
import type { Document } from '../document.js';
import { asSet, idOfKey, type Rows } from '../merge/keyed-list.js';
import { sameValue } from '../merge/same-value.js';
import type { Slot } from './node.js';
import { isSamePart } from './map-difference.js';
import { type NodeReader, type Side, type Sides } from './node-reader.js';

/** What of a story tells how it differs from another; a part that a document does not have is `undefined`. */
export interface StoryExcerpt {
  scenes: Document | undefined;
  beats: Document | undefined;
  sceneOrder: unknown;
}

type Fields = ReadonlyMap<string, Slot>;

/**
 * Two kept stories without the beats that nobody touched: all scenes, which say where beats stand, and of the beats those
 * that changed, or stand in a scene that did. Where nothing changed, nothing.
 */
export async function readStoryDifference(reader: NodeReader, fields: Sides<Fields>): Promise<Sides<StoryExcerpt>> {
  const { before, after } = fields;
  const isSame = ['scenes', 'beats', 'sceneOrder'].every((name) => isSamePart(before.get(name), after.get(name)));
  if (isSame) return { before: nothingOf(before), after: nothingOf(after) };
  const [scenes, newScenes, order, newOrder] = await reader.values([
    before.get('scenes'),
    after.get('scenes'),
    before.get('sceneOrder'),
    after.get('sceneOrder'),
  ]);
  const [had, has] = await reader.tables([before.get('beats'), after.get('beats')]);
  const ids = new Set((await reader.difference({ before: had, after: has })).keys());
  for (const id of beatsInChanged(scenes as Document | undefined, newScenes as Document | undefined)) ids.add(id);
  const beatsOf = async (side: Side) => {
    if (!fields[side].has('beats')) return undefined;
    const found = [...(await reader.find(side === 'before' ? had : has, ids))];
    const values = await reader.values(found.map(([, slot]) => slot));
    return Object.fromEntries(found.map(([id], at) => [id, values[at]]));
  };
  return {
    before: { scenes: scenes as Document | undefined, beats: await beatsOf('before'), sceneOrder: order },
    after: { scenes: newScenes as Document | undefined, beats: await beatsOf('after'), sceneOrder: newOrder },
  };
}

/** The beats that scenes list which are not the same in both stories. */
function beatsInChanged(before: Document = {}, after: Document = {}): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((id) => {
    const scenes = [ownField(before, id), ownField(after, id)];
    if (sameValue(scenes[0], scenes[1])) return [];
    const lists = scenes.map((scene) => asSet(ownField(scene, 'beatIds')) ?? NO_ROWS);
    return lists.flatMap((list) => [...list.keys()].map((key) => String(idOfKey(key))));
  });
}

const NO_ROWS: Rows = new Map();

const nothingOf = (fields: Fields): StoryExcerpt => ({
  scenes: fields.has('scenes') ? {} : undefined,
  beats: fields.has('beats') ? {} : undefined,
  sceneOrder: undefined,
});
