import { readFileSync } from 'node:fs';
import { openTitleIndex } from '#libs/titles/open-title-index';

/** Run as a process of its own: opens the file it is given, answers once, then many times (misspelt and exact titles in turn), and prints what that took as JSON. */
const [file, ...titles] = process.argv.slice(2);
const began = performance.now();
const index = openTitleIndex(readFileSync(file!));
index.resolve(titles[0]!);
const first = performance.now() - began;
const exact = titles.filter((_, i) => i % 2 === 1);
const asked = titles.filter((_, i) => i % 2 === 0);
const times: number[] = [];
for (let round = 0; round < 20; round++) {
  for (const title of asked) {
    const at = process.cpuUsage();
    index.resolve(title);
    const used = process.cpuUsage(at);
    if (round > 4) times.push((used.user + used.system) / 1000);
  }
}
times.sort((a, b) => a - b);
const EXACT_ROUNDS = 500;
const exacts = exact.map((title) => {
  const before = process.cpuUsage();
  for (let round = 0; round < EXACT_ROUNDS; round++) index.resolve(title);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / EXACT_ROUNDS;
});
exacts.sort((a, b) => a - b);
const exact_us = exacts[exacts.length >> 1];
const exact_mean_us = exacts.reduce((sum, one) => sum + one, 0) / Math.max(exacts.length, 1);
const at = (share: number): number => times[Math.floor(times.length * share)]!;
console.log(
  JSON.stringify({
    first,
    p50: at(0.5),
    p99: at(0.99),
    exact_us,
    exact_mean_us,
    rss: process.memoryUsage().rss,
    ...index.size,
  }),
);
