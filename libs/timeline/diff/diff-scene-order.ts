import { canonicalJson } from '../canonical-json.js';
import type { Change, Place } from './change.js';
import type { IsExplained } from './diff-things.js';
import { diffOrder, diffValues, ownField, placesOf } from './diff-values.js';
import { isDocument } from '../document.js';
import { asSet, idOfKey } from '../merge/keyed-list.js';
import { isAbsent, isNumbered, isThing, SCENES, sceneName, type Story } from './story.js';

/** What happened to the order of the scenes: who moved, what else differs, and which numbers only follow. */
export function diffSceneOrder(before: Story, after: Story) {
  const path = ['editorState', 'sceneOrder'];
  const [had, has] = [asSet(before.sceneOrder ?? []), asSet(after.sceneOrder ?? [])];
  const isList = had !== undefined && has !== undefined;
  const [keys, newKeys] = isList ? [[...had.keys()], [...has.keys()]] : [[], []];
  const [places, newPlaces] = [placesOf(keys), placesOf(newKeys)];
  const { came, went, moved } = diffOrder(keys, newKeys);
  const others: Change[] = [];
  const moves = new Map<string, Change>();
  if (!isList || keys.length + newKeys.length === 0) {
    others.push(...diffValues(path, before.sceneOrder, after.sceneOrder));
  }
  for (const key of went) {
    const id = idOfKey(key);
    if (isThing(before.scenes, id) && isAbsent(after.scenes, id)) continue;
    others.push(...diffValues([...path, id], had!.get(key) ?? null, undefined));
  }
  for (const key of came) {
    const id = idOfKey(key);
    if (isThing(after.scenes, id) && isAbsent(before.scenes, id)) continue;
    others.push(...diffValues([...path, id], undefined, has!.get(key) ?? null));
  }
  for (const key of moved) {
    const id = idOfKey(key);
    const place = { before: { at: places.get(key)! }, after: { at: newPlaces.get(key)! } };
    const scene = ownField(after.scenes, String(id));
    if (isThing(before.scenes, id) && isDocument(scene)) {
      const name = sceneName(scene) ?? String(id);
      moves.set(String(id), { kind: 'moved', entity: 'scene', id, path: [...SCENES.path, id], name, ...place });
    } else {
      const name = [...path, id].join(' › ');
      others.push({ kind: 'moved', entity: 'value', id, path: [...path, id], name, ...place });
    }
  }
  const order = [...newKeys, ...keys].map((key) => String(idOfKey(key)));
  const isReordered = came.length + went.length + moved.length > 0;
  const isExplained: IsExplained = (field, _old, now, id) =>
    field === 'order' && isReordered && isNumbered(now, newPlaces.get(canonicalJson(id)));
  const more = (id: string): { place?: Place } => {
    const at = newPlaces.get(canonicalJson(id)) ?? places.get(canonicalJson(id));
    return at === undefined ? {} : { place: { at } };
  };
  return { order, moves, others, isExplained, more };
}
