import type { Placed } from '../bare-map.js';
import { deltaBases, steadyBases } from '../delta-bases.js';
import { PATHS, WORTH, type Kind } from '../documents.js';
import type { BuiltFile } from './build-snapshot.js';
import { GrowingDelta } from './growing-delta.js';
import { brotli, plainGzip, QUICK, type Effort } from './gzip.js';
import { undoOfStep, type Step } from './steps.js';

export interface BuiltDelta {
  from: number;
  to: number;
  br: Buffer;
  gz: Buffer;
}

/** How many entries deltas may have together: those that are made in any case, and all while others are still made. */
export interface DeltaLimits {
  most: number;
  fine: number;
}

/** How large the content is that deltas lead to, which they have to be worth. */
export interface Sizes {
  bytes: number;
  gzBytes: number;
}

/**
 * The direct deltas to the newest version of a map from those before it, and since which version there is one from each. `steps` are
 * in order, the first being the oldest version still known, the last the newest one. Going back, a delta only grows, so the first that is
 * not worth it is the last. Where much changes, the versions that others can go through alone have one.
 */
export async function buildDeltas(
  newest: Placed,
  steps: readonly Step[],
  { now, ...sizes }: Sizes & { now: Date },
  { most, fine }: DeltaLimits = LIMITS,
): Promise<{ deltas: BuiltDelta[]; since: number | null }> {
  const to = steps.at(-1)!.version;
  const history = steps.slice(0, -1);
  const wanted = new Set(deltaBases(history, now));
  const steady = new Set(steadyBases(history, now));
  const oldest = Math.min(...steady);
  const delta = new GrowingDelta(newest, to);
  const deltas: BuiltDelta[] = [];
  let [entries, since] = [0, null as number | null];
  for (let at = steps.length - 1; at > 0; at--) {
    if (entries + delta.size > fine && steps[at - 1]!.version < oldest) break;
    const step = await undoOfStep(steps[at]!);
    if (step === null) break;
    delta.back(step);
    const from = steps[at - 1]!.version;
    if (!wanted.has(from)) continue;
    if (deltas.length > 0 && entries + delta.size > (steady.has(from) ? most : fine)) {
      if (steady.has(from)) break;
      continue;
    }
    const made = await packedDelta(delta.text(from), { from, to, ...sizes }, QUICK);
    if (!made) break;
    if (deltas.length === steps.length - 1 - at) since = from;
    deltas.push(made);
    entries += delta.size;
  }
  return { deltas, since };
}

/** The text of a delta, packed in both ways; undefined when the whole is the better thing to have. */
export async function packedDelta(
  text: Buffer,
  { from, to, bytes, gzBytes }: Sizes & { from: number; to: number },
  effort: Effort,
): Promise<BuiltDelta | undefined> {
  const br = await brotli(text, effort);
  if (br.length > gzBytes * WORTH || text.length > bytes) return undefined;
  return { from, to, br, gz: await plainGzip(text, 9) };
}

/** The files of a delta. */
export function deltaFiles(kind: Kind, { from, to, br, gz }: BuiltDelta): BuiltFile[] {
  return [
    { path: PATHS.delta(kind, from, to), bytes: br, type: 'application/octet-stream', forever: true },
    { path: PATHS.delta(kind, from, to, 'gz'), bytes: gz, type: 'application/gzip', forever: true },
  ];
}

/** What takes a second or two. */
const LIMITS: DeltaLimits = { most: 300_000, fine: 30_000 };
