import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { releaseNames, titles } from './eval-intel/corpora.js';
import { reportAgreed } from './eval-intel/report-agreed.js';
import { reportHostile } from './eval-intel/report-hostile.js';
import { reportParsers } from './eval-intel/report-parsers.js';
import { reportReleases } from './eval-intel/report-releases.js';
import { reportShort } from './eval-intel/report-short.js';
import { reportSizes } from './eval-intel/report-sizes.js';
import { reportTitles } from './eval-intel/report-titles.js';

/**
 * `npm run eval:intel -- <folder>`: how well names are read and titles recognised, beside the peers in the same run. The folder holds
 * `release-names/*.jsonl` and `intel/{works,alias-queries}.jsonl`; without one the small corpus of this project is taken.
 */
const folder = process.argv[2] ?? process.env.INTEL_CORPORA ?? join(packageRoot(), 'scripts', 'eval-intel', 'corpus');

console.log(`corpora: ${folder}\n`);
const names = releaseNames(folder);
await reportParsers(names);
const known = titles(folder);
if (known !== undefined) {
  await reportTitles(known);
  await reportReleases(names, known);
  await reportAgreed(names, known.rows);
  reportSizes(known);
  reportShort(known.rows);
  reportHostile(known.rows);
}
