import { parseArgs } from 'node:util';
import { benchCommits } from './versioning/commits.js';
import { benchConcurrency } from './versioning/concurrency.js';
import { benchMergeBases } from './versioning/merge-bases.js';
import { benchMerges } from './versioning/merges.js';
import { benchQuality } from './versioning/quality.js';
import { benchStorage } from './versioning/storage.js';

/** Versioning beside git in the same run: times are the half and nearly all of the runs, git's with the start of its process. */
const only = process.argv[2];
const parts: Record<string, () => Promise<void> | void> = {
  'merge-base': benchMergeBases,
  merge: benchMerges,
  commit: () => benchCommits(Number(process.argv[3] ?? 1000)),
  storage: () => benchStorage(Number(process.argv[3] ?? 10_000)),
  concurrency: () => benchConcurrency(Number(process.argv[3] ?? 8)),
  quality: () => benchQuality(qualityWish(process.argv.slice(3))),
};
for (const [name, part] of Object.entries(parts)) if (only === undefined || only === name) await part();

/** `quality 1000000`, or `quality --pairs 1000000 --peers 200 --seed 11`. */
function qualityWish(args: string[]) {
  const options = { pairs: { type: 'string' }, peers: { type: 'string' }, seed: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { pairs = positionals[0] ?? '4000', peers = '68', seed = '11' } = values;
  return { pairs: Number(pairs), peers: Number(peers), seed: Number(seed) };
}
