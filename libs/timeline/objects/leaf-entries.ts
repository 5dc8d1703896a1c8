import { timingOfAction } from '../diff/film.js';
import { ownField } from '../diff/diff-values.js';
import type { Leaf, NodeReader } from './node-reader.js';

/** What a leaf of things tells about one of them, at a glance. */
export interface Glance {
  key: string;
  /** What it names in the field that says what it is made of. */
  names: string | undefined;
  /** When it starts; `undefined` where it has no times. */
  start: number | undefined;
}

/** The fields in which a thing names what it is made of. */
export type Naming = 'effectId' | 'clipId' | 'assetId';

/** All things of leaves; leaves never change, so each is looked at once, for as long as it is remembered. */
export async function glances(reader: NodeReader, leaves: readonly Leaf[], naming: Naming): Promise<Glance[]> {
  const unseen = leaves.filter((leaf) => !seen[naming].has(leaf));
  const values = await reader.values(unseen.flatMap(({ map }) => map.map(([, slot]) => slot)));
  let next = 0;
  for (const leaf of unseen)
    seen[naming].set(
      leaf,
      leaf.map.map(([key]) => glance(key, values[next++], naming)),
    );
  return leaves.flatMap((leaf) => seen[naming].get(leaf)!);
}

function glance(key: string, value: unknown, naming: Naming): Glance {
  const named = ownField(value, naming);
  return {
    key,
    names: typeof named === 'string' ? named : undefined,
    start: naming === 'effectId' ? timingOfAction(value)?.start : undefined,
  };
}

const seen: Record<Naming, WeakMap<Leaf, Glance[]>> = {
  effectId: new WeakMap(),
  clipId: new WeakMap(),
  assetId: new WeakMap(),
};
