import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as Automerge from '@automerge/automerge';
import { create } from 'jsondiffpatch';
import { diff3Merge } from 'node-diff3';
import type { Json } from '#libs/testing/film-edits';
import { GitRepository } from './git-repository.js';
import { contradictionsOf, judge, judgeOurs, type Found, type Tool } from './quality-pairs.js';

const PIECE = 2000;

/**
 * Merges of work that has nothing to do with each other: right, refused for nothing, or silently wrong; and how many
 * contradictions are told, by tool. Ours on all pairs, on every core; the others on the first so many of the same pairs.
 */
export async function benchQuality({
  pairs,
  peers,
  seed,
}: {
  pairs: number;
  peers: number;
  seed: number;
}): Promise<void> {
  const begun = performance.now();
  const pieces = Math.ceil(pairs / PIECE);
  const size = Math.ceil(pairs / pieces);
  console.log(`\nseeds ${seed} to ${seed + pieces - 1}, ${size} pairs each; 2-50 edits a side, 16-220 clips`);
  const all = await onEveryCore(
    Array.from({ length: pieces }, (_, nth) => seed + nth),
    size,
  );
  const ours = all.reduce(together);
  tell('ours, by id', ours, pieces * size, contradictionsOf(size) * pieces);
  console.log(
    `  contradictions told more than once: ${ours.toldTwice}; ${((performance.now() - begun) / 1000).toFixed(0)} s${ours.first ? `\n  ${ours.first}` : ''}`,
  );
  if (peers === 0) return;
  const git = new GitRepository();
  const few = { seed, pairs: Math.min(peers, size) };
  console.log(`\nthe first ${few.pairs} pairs of seed ${seed}, by all tools`);
  tell('ours, by id', judgeOurs(few), few.pairs, contradictionsOf(few.pairs));
  for (const [name, merge] of Object.entries(otherTools(git)))
    tell(name, judge(merge, few), few.pairs, contradictionsOf(few.pairs));
  git.remove();
}

/** Gives pieces to a thread for each core. */
async function onEveryCore(seeds: number[], pairs: number): Promise<Found[]> {
  const threads = Math.min(availableParallelism(), seeds.length);
  const found: Found[] = [];
  await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const workerData = { seeds: seeds.filter((_seed, nth) => nth % threads === thread), pairs };
      const worker = new Worker(new URL('./quality-worker.js', import.meta.url), { workerData });
      worker.on('message', (piece: Found) => found.push(piece));
      return once(worker, 'exit');
    }),
  );
  if (found.length < seeds.length) throw new Error(`Only ${found.length} of ${seeds.length} pieces came to an end.`);
  return found;
}

const together = (a: Found, b: Found): Found => {
  const first = a.first ?? b.first;
  return {
    right: a.right + b.right,
    refused: a.refused + b.refused,
    wrong: a.wrong + b.wrong,
    told: Object.fromEntries(Object.keys(a.told).map((name) => [name, a.told[name]! + b.told[name]!])),
    toldTwice: a.toldTwice + b.toldTwice,
    ...(first !== undefined && { first }),
  };
};

function tell(name: string, { right, refused, wrong, told }: Found, all: number, each: number): void {
  const share = (count: number) => `${count} (${((100 * count) / all).toFixed(1)} %)`.padStart(18);
  console.log(
    `${name.padEnd(34)} right ${share(right)}   false conflict ${share(refused)}   silently wrong ${share(wrong)}`,
  );
  const missed = Object.entries(told).filter(([, count]) => count < each);
  console.log(
    missed.length === 0
      ? `  contradictions: all told, ${each} of each class`
      : `  contradictions told of ${each}: ${missed.map(([kind, count]) => `${kind} ${count}`).join(', ')}; all of the other classes`,
  );
}

function otherTools(git: GitRepository): Record<string, Tool> {
  return {
    'git merge-file, indented JSON': ({ base, ours, theirs }) => {
      for (const [name, document] of Object.entries({ base, ours, theirs }))
        writeFileSync(join(git.folder, name), JSON.stringify(document, null, 1));
      const { status, stdout } = git.try(
        'merge-file',
        '-p',
        '-q',
        ...['ours', 'base', 'theirs'].map((name) => join(git.folder, name)),
      );
      return status === 0 ? parsed(stdout) : null;
    },
    'node-diff3 on lines': ({ base, ours, theirs }) => {
      const [o, a, b] = [base, ours, theirs].map((document) => JSON.stringify(document, null, 1).split('\n')) as [
        string[],
        string[],
        string[],
      ];
      const regions = diff3Merge(a, o, b);
      return regions.some(({ conflict }) => conflict) ? null : parsed(regions.flatMap(({ ok }) => ok ?? []).join('\n'));
    },
    'jsondiffpatch, objectHash by id': ({ base, ours, theirs }) => {
      const patcher = create({ objectHash: (item, at) => (item as { id?: string }).id ?? String(at) });
      try {
        return patcher.patch(structuredClone(theirs), patcher.diff(base, ours)) as Json;
      } catch {
        return null;
      }
    },
    'Automerge, natural list API': ({ base, ours, theirs }) => {
      const start = Automerge.from(structuredClone(base) as Record<string, unknown>);
      const [a, b] = [ours, theirs].map((document) =>
        Automerge.change(Automerge.clone(start), (draft) => assign(draft, document)),
      );
      return JSON.parse(JSON.stringify(Automerge.merge(a!, b!))) as Json;
    },
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Makes a draft what a document is, as a program that keeps its lists by id would. */
function assign(draft: Json, wanted: Json): void {
  if (Array.isArray(wanted)) {
    const idOf = (item: Json) => item?.id ?? item;
    const ids = new Set(wanted.map(idOf));
    for (let at = draft.length - 1; at >= 0; at--) if (!ids.has(idOf(draft[at]))) draft.splice(at, 1);
    wanted.forEach((item, at) => {
      if (at < draft.length && idOf(draft[at]) === idOf(item))
        return void (isContainer(item) && assign(draft[at], item));
      const from = draft.findIndex((other: Json) => idOf(other) === idOf(item));
      if (from >= 0) draft.splice(from, 1);
      draft.splice(at, 0, structuredClone(item));
    });
    return;
  }
  for (const key of Object.keys(draft)) if (!Object.hasOwn(wanted, key)) delete draft[key];
  for (const [key, value] of Object.entries(wanted)) {
    if (isContainer(value) && isContainer(draft[key])) assign(draft[key], value);
    else if (draft[key] !== value) draft[key] = structuredClone(value);
  }
}

const isContainer = (value: unknown): boolean => typeof value === 'object' && value !== null;
