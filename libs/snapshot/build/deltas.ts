import { deltaOf, type Found, type Placed } from '../bare-map.js';
import { canonicalText } from '../canonical-text.js';
import { deltaBases, steadyBases } from '../delta-bases.js';
import { PATHS, WORTH, type Kind } from '../documents.js';
import type { BuiltFile } from './build-snapshot.js';
import { brotli, plainGzip } from './gzip.js';
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
  const known = remembering(newest);
  const undo = new Map<string, string | undefined>();
  const deltas: BuiltDelta[] = [];
  let [entries, length, since] = [0, 0, null as number | null];
  for (let at = steps.length - 1; at > 0; at--) {
    if (entries + undo.size > fine && steps[at - 1]!.version < oldest) break;
    const step = await undoOfStep(steps[at]!);
    if (step === null) break;
    for (const [key, text] of step) undo.set(key, text ?? undefined);
    const from = steps[at - 1]!.version;
    if (!wanted.has(from)) continue;
    if (deltas.length > 0 && entries + undo.size > (steady.has(from) ? most : fine)) {
      if (steady.has(from)) break;
      continue;
    }
    const made = await madeDelta(
      undo,
      known,
      { from, to, ...sizes },
      (text) => deltas.length === 0 || length + text < BEST_BYTES,
    );
    if (!made) break;
    if (deltas.length === steps.length - 1 - at) since = from;
    deltas.push(made);
    entries += undo.size;
    length += made.length;
  }
  return { deltas, since };
}

/** One delta, packed in both ways; undefined when the whole is the better thing to have. */
export async function madeDelta(
  undo: ReadonlyMap<string, string | undefined>,
  map: Placed,
  { from, to, bytes, gzBytes }: Sizes & { from: number; to: number },
  isBest: (length: number) => boolean,
): Promise<(BuiltDelta & { length: number }) | undefined> {
  const text = Buffer.from(canonicalText(deltaOf(undo, map, { from, to })), 'utf8');
  const br = await brotli(text, isBest(text.length));
  if (br.length > gzBytes * WORTH || text.length > bytes) return undefined;
  return { from, to, br, gz: await plainGzip(text, 9), length: text.length };
}

/** The files of a delta. */
export function deltaFiles(kind: Kind, { from, to, br, gz }: BuiltDelta): BuiltFile[] {
  return [
    { path: PATHS.delta(kind, from, to), bytes: br, type: 'application/octet-stream', forever: true },
    { path: PATHS.delta(kind, from, to, 'gz'), bytes: gz, type: 'application/gzip', forever: true },
  ];
}

/** What takes a second or less. */
const LIMITS: DeltaLimits = { most: 300_000, fine: 60_000 };
/** So many bytes of deltas are packed as tightly as can be, at a second for each megabyte. */
const BEST_BYTES = 600_000;

/** The same map; what was asked once is not looked for again, as the keys of one delta are those of the next. */
export function remembering(map: Placed): Placed {
  const found = new Map<string, Found>();
  return {
    find: (key) => {
      let one = found.get(key);
      if (!one) found.set(key, (one = map.find(key)));
      return one;
    },
  };
}
