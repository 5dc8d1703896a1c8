import { USUAL, simulate } from '../services/mesh/simulation/simulate.js';

/** `npm run simulate:mesh -- 1 1000`: plays the histories of these seeds and says which of them broke a promise. */
const [from = 1, to = 1000] = process.argv.slice(2).map(Number);
const begun = performance.now();
const sums = { grants: 0, settlements: 0, acknowledged: 0 };
let broken = 0;
for (let seed = from; seed <= to; seed++) {
  const history = await simulate(seed, USUAL);
  for (const key of ['grants', 'settlements', 'acknowledged'] as const) sums[key] += history[key];
  if (history.violations.length > 0) broken++;
  for (const violation of history.violations) console.log(`BROKEN: seed ${seed}: ${violation}`);
}
const { grants, settlements, acknowledged } = sums;
const seconds = ((performance.now() - begun) / 1000).toFixed(0);
console.log(
  `seeds ${from} to ${to}: ${grants} leases, ${settlements} reports, ${acknowledged} acknowledged finishes, ${broken} histories broken (${seconds} s)`,
);
process.exitCode = broken === 0 ? 0 : 1;
