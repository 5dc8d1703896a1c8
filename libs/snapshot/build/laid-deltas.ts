import { placeIn, type Placed } from '../bare-map.js';
import { packedDelta, type BuiltDelta, type Sizes } from './deltas.js';
import { GrowingDelta } from './growing-delta.js';
import { THOROUGH } from './gzip.js';
import { undoOfStep, type Step } from './steps.js';

/**
 * Lays deltas to a version that is not the newest any more from those before it, the next ones first, beginning behind the one since
 * which there are some; not many more than so many entries at a time. They are the same whenever they are made.
 */
export async function laidDeltas(
  newest: Placed,
  steps: readonly Step[],
  to: number,
  sizes: Sizes,
  most: number,
): Promise<{ deltas: BuiltDelta[]; entries: number }> {
  const end = steps.findIndex(({ version }) => version === to);
  const since = steps[end]!.since ?? to;
  const later = await undone(steps.slice(end + 1));
  const deltas: BuiltDelta[] = [];
  let entries = 0;
  if (!later) return { deltas, entries };
  const delta = new GrowingDelta(placedBefore(newest, later), to);
  for (let at = end; at > 0; at--) {
    const step = await undoOfStep(steps[at]!);
    if (step === null) break;
    delta.back(step);
    const from = steps[at - 1]!.version;
    if (from >= since) continue;
    if (deltas.length > 0 && entries + delta.size > most) break;
    const made = await packedDelta(delta.text(from), { from, to, ...sizes }, THOROUGH);
    if (!made) break;
    deltas.push(made);
    entries += delta.size;
  }
  return { deltas, entries };
}

/** What was under each key before all of these; undefined when that is not known. */
async function undone(steps: readonly Step[]): Promise<Map<string, string | undefined> | undefined> {
  const undo = new Map<string, string | undefined>();
  for (const one of steps.toReversed()) {
    const step = await undoOfStep(one);
    if (step === null) return undefined;
    for (const [key, text] of step) undo.set(key, text ?? undefined);
  }
  return undo;
}

/** A map as it was before what has to be undone. */
export function placedBefore(newest: Placed, undo: ReadonlyMap<string, string | undefined>): Placed {
  const keys = [...undo.keys()].sort();
  let sum = 0;
  /** By how much what stands behind so many of the keys has moved. */
  const moved = [0];
  for (const key of keys) {
    sum += Number(undo.get(key) !== undefined) - Number(newest.find(key).text !== undefined);
    moved.push(sum);
  }
  return {
    find: (key) => {
      const now = newest.find(key);
      return { text: undo.has(key) ? undo.get(key) : now.text, place: now.place + moved[placeIn(keys, key)]! };
    },
  };
}
