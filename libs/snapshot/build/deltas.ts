import { deltaOf, type Found, type Placed } from '../bare-map.js';
import { canonicalText } from '../canonical-text.js';
import { deltaBases } from '../delta-bases.js';
import { WORTH, type Kind } from '../documents.js';
import { brotli, plainGzip } from './gzip.js';

/** How a version of a file came out of the one before: what was there before it, or null when almost all of it is new. */
export interface Step {
  version: number;
  at: Date;
  undo: [string, string | null][] | null;
}

export interface BuiltDelta {
  from: number;
  path: string;
  br: Buffer;
  gz: Buffer;
}

/**
 * The direct deltas to the newest version of a map from those before it. `steps` are in order, the first being the oldest
 * version still known, the last the newest one. Going back, a delta only grows, so the first that is not worth it is the last. Where
 * so much changes that all of them would cost more than an hour may, those are left out first that few are at.
 */
export async function buildDeltas(
  kind: Kind,
  newest: Placed,
  steps: readonly Step[],
  { bytes, gzBytes, now }: { bytes: number; gzBytes: number; now: Date },
  { most, fine } = LIMITS,
): Promise<BuiltDelta[]> {
  const to = steps.at(-1)!.version;
  const history = steps.slice(0, -1);
  const wanted = new Set(deltaBases(history, now));
  const needed = new Set(deltaBases(history, now, 0));
  const known = remembering(newest);
  const undo = new Map<string, string | undefined>();
  const built: BuiltDelta[] = [];
  let [entries, length] = [0, 0];
  for (let at = steps.length - 1; at > 0; at--) {
    const step = steps[at]!;
    if (step.undo === null) break;
    for (const [key, text] of step.undo) undo.set(key, text ?? undefined);
    const from = steps[at - 1]!.version;
    if (!wanted.has(from)) continue;
    if (built.length > 0 && entries + undo.size > (needed.has(from) ? most : fine)) {
      if (needed.has(from)) break;
      continue;
    }
    const text = Buffer.from(canonicalText(deltaOf(undo, known, { from, to })), 'utf8');
    const br = await brotli(text, built.length === 0 || length + text.length < BEST_BYTES);
    if (br.length > gzBytes * WORTH || text.length > bytes) break;
    const path = `delta/${kind}/${from}-${to}.json`;
    built.push({ from, path, br, gz: await plainGzip(text, 9) });
    entries += undo.size;
    length += text.length;
  }
  return built;
}

/**
 * So many entries all deltas of a map may have together, which takes a second or two; with more than the fewer, only those are made
 * that lead back by doubling, and to days and weeks.
 */
const LIMITS = { most: 300_000, fine: 100_000 };
/** So many bytes of deltas are packed as tightly as can be, at a second for each megabyte. */
const BEST_BYTES = 600_000;

/** The same map; what was asked once is not looked for again, as the keys of one delta are those of the next. */
function remembering(map: Placed): Placed {
  const found = new Map<string, Found>();
  return {
    find: (key) => {
      let one = found.get(key);
      if (!one) found.set(key, (one = map.find(key)));
      return one;
    },
  };
}
