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
 * version still known, the last the newest one. Going back, a delta only grows, so the first that is not worth it is the last.
 */
export async function buildDeltas(
  kind: Kind,
  newest: Placed,
  steps: readonly Step[],
  { bytes, gzBytes, now }: { bytes: number; gzBytes: number; now: Date },
): Promise<BuiltDelta[]> {
  const to = steps.at(-1)!.version;
  const wanted = new Set(deltaBases(steps.slice(0, -1), now));
  const known = remembering(newest);
  const undo = new Map<string, string | undefined>();
  const built: BuiltDelta[] = [];
  for (let at = steps.length - 1; at > 0; at--) {
    const step = steps[at]!;
    if (step.undo === null) break;
    for (const [key, text] of step.undo) undo.set(key, text ?? undefined);
    const from = steps[at - 1]!.version;
    if (!wanted.has(from)) continue;
    const text = Buffer.from(canonicalText(deltaOf(undo, known, { from, to })), 'utf8');
    const br = await brotli(text);
    if (br.length > gzBytes * WORTH || text.length > bytes) break;
    const path = `delta/${kind}/${from}-${to}.json`;
    built.push({ from, path, br, gz: await plainGzip(text, 9) });
  }
  return built;
}

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
