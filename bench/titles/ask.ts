import { readFileSync } from 'node:fs';
import { openTitleIndex } from '#libs/titles/open-title-index';

/** A title somebody asks for, and the works of that name. */
export interface Question {
  title: string;
  misspelt: string;
  works: string[];
}

/**
 * A process of its own: opens a file of titles, answers once, then every question by its title and with a slip, and prints as JSON how
 * often the work came first and what that took of a processor (the least of some rounds, so that only our own work counts).
 */
const [file, questions] = process.argv.slice(2) as [string, string];
const asked = JSON.parse(readFileSync(questions, 'utf8')) as Question[];
const began = performance.now();
const index = openTitleIndex(readFileSync(file));
index.resolve(asked[0]!.misspelt);
const first_ms = performance.now() - began;

const ROUNDS = 5;
const AGAIN = 40;

function cost(ask: () => void, again: number): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < again; i++) ask();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / again);
  }
  return best;
}

function measured(titleOf: (question: Question) => string, again: number) {
  const answers = asked.map((question) => {
    const { candidates } = index.resolve(titleOf(question), { limit: 5 });
    return candidates.findIndex(({ release_key }) => question.works.includes(release_key));
  });
  for (const question of asked) index.resolve(titleOf(question));
  const costs = asked.map((question) => cost(() => index.resolve(titleOf(question)), again)).sort((a, b) => a - b);
  const at = (share: number): number => costs[Math.floor(costs.length * share)]!;
  return {
    p50_us: at(0.5),
    p90_us: at(0.9),
    p99_us: at(0.99),
    mean_us: costs.reduce((sum, one) => sum + one, 0) / costs.length,
    first: answers.filter((place) => place === 0).length / answers.length,
    fifth: answers.filter((place) => place !== -1).length / answers.length,
  };
}

const exact = measured(({ title }) => title, AGAIN * 10);
const fuzzy = measured(({ misspelt }) => misspelt, AGAIN / 8);
console.log(JSON.stringify({ first_ms, rss: process.memoryUsage().rss, exact, fuzzy, ...index.size }));
