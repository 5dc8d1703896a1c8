import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { PackedGraph } from './packed-graph.js';

const idOf = (name: string | number) => createHash('sha256').update(String(name)).digest('hex');

/** A graph from the parents of each commit, with the names given for ids. */
function graphOf(history: Record<string, string[]>, authors: Record<string, string> = {}) {
  const graph = new PackedGraph();
  const generations = new Map<string, number>();
  const names = new Map<string, string>();
  for (const [name, parents] of Object.entries(history)) {
    const generation = 1 + Math.max(0, ...parents.map((parent) => generations.get(parent)!));
    generations.set(name, generation);
    names.set(idOf(name), name);
    const author_id = authors[name] ?? null;
    graph.add([{ id: idOf(name), parents: parents.map(idOf), generation, author_id, asset_count: 2 }]);
  }
  const named = (ids: Iterable<string>) => [...ids].map((id) => names.get(id)!);
  return {
    graph,
    bases: (one: string, ...others: string[]) => named(graph.mergeBases(idOf(one), ...others.map(idOf))).sort(),
    log: (...heads: string[]) => named(graph.newestFirst(heads.map(idOf))),
    apart: (one: string, other: string) => graph.aheadAndBehind(idOf(one), idOf(other)),
    isIn: (head: string, name: string) => graph.isIn(idOf(head), idOf(name)),
  };
}

test('two branches meet where they parted', () => {
  expect(graphOf({ a: [], b: ['a'], c: ['b'], d: ['b'] }).bases('c', 'd')).toEqual(['b']);
});

test('a shortcut in history does not hide the nearer base, whichever way round the parents are', () => {
  for (const c2 of [
    ['c0', 'c1'],
    ['c1', 'c0'],
  ])
    expect(graphOf({ c0: [], c1: ['c0'], c2, c3: ['c0', 'c1'] }).bases('c2', 'c3')).toEqual(['c1']);
});

test('a criss-cross has both its bases, also when a merge has many parents', () => {
  expect(graphOf({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'], e: ['c', 'b'] }).bases('d', 'e')).toEqual(['b', 'c']);
  const many = { a: [], b: ['a'], c: ['a'], d: ['a'], e: ['a'], f: ['b', 'c', 'd', 'e'], g: ['e', 'd', 'c'] };
  expect(graphOf(many).bases('f', 'g')).toEqual(['c', 'd', 'e']);
});

test('an ancestor is its own base, strangers have none', () => {
  const two = graphOf({ a: [], b: ['a'], x: [] });
  expect(two.bases('a', 'b')).toEqual(['a']);
  expect(two.bases('b', 'b')).toEqual(['b']);
  expect(two.bases('b', 'x')).toEqual([]);
  expect(two.isIn('b', 'a')).toBe(true);
  expect(two.isIn('a', 'b')).toBe(false);
  expect(two.isIn('b', 'x')).toBe(false);
  expect(two.graph.has(idOf('z'))).toBe(false);
});

test('what heads can reach is counted by author', () => {
  const { graph } = graphOf({ a: [], b: ['a'], c: ['a'], d: ['c'] }, { a: 'ada', d: 'ada' });
  expect(graph.tally([idOf('d')])).toEqual({
    commits: 3,
    assets: 6,
    authors: new Map([
      ['ada', { commits: 2, assets: 4 }],
      [null, { commits: 1, assets: 2 }],
    ]),
  });
  expect(graph.tally([idOf('b'), idOf('d')]).commits).toBe(4);
});

/** Histories whose commits each come from up to four of the dozen before them. */
const histories = fc
  .array(fc.uniqueArray(fc.nat(11), { maxLength: 4 }), { minLength: 2, maxLength: 60 })
  .map((shapes) =>
    Object.fromEntries(
      shapes.map((back, at) => [
        String(at),
        [...new Set(back.map((steps) => at - 1 - steps))].filter((parent) => parent >= 0).map(String),
      ]),
    ),
  );

describe('against git', () => {
  let folder: string;
  const git = (args: string[], input?: string) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'ignore'] });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'graph-'));
    git(['init', '-q', '--bare']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The same history in git, with dates that tell lies: all the same, or the older the later. */
  function inGit(history: Record<string, string[]>, run: number, isReversed: boolean): Map<string, string> {
    const names = Object.keys(history);
    const stream = names.map((name, at) => {
      const [first, ...rest] = history[name]!.map((parent) => `:${Number(parent) + 1}`);
      const date = 1_700_000_000 + (isReversed ? names.length - at : 0);
      const text = `r${run} c${name}`;
      return [
        `commit refs/heads/r${run}/c${name}`,
        `mark :${at + 1}`,
        `committer A <a@b> ${date} +0000`,
        `data ${text.length}`,
        text,
        ...(first === undefined ? [] : [`from ${first}`]),
        ...rest.map((parent) => `merge ${parent}`),
        '',
      ].join('\n');
    });
    git(['fast-import', '--quiet', '--force'], `${stream.join('\n')}\ndone\n`);
    const refs = git(['for-each-ref', '--format=%(objectname) %(refname:lstrip=3)', `refs/heads/r${run}/`]);
    return new Map(
      refs
        .trim()
        .split('\n')
        .map((line) => line.split(' c') as [string, string])
        .map(([hash, name]) => [name, hash]),
    );
  }

  test('merge bases, ahead and behind, and what is in a history are git’s on random histories, whatever their dates', () => {
    let run = 0;
    fc.assert(
      fc.property(histories, fc.boolean(), fc.infiniteStream(fc.nat(59)), (history, isReversed, picks) => {
        const ours = graphOf(history);
        const count = Object.keys(history).length;
        const hashes = inGit(history, ++run, isReversed);
        const names = new Map([...hashes].map(([name, hash]) => [hash, name]));
        const pick = () => String(picks.next().value! % count);
        for (let pair = 0; pair < 3; pair++) {
          const [one, other, third] = [pick(), pick(), pick()];
          const theirs = (...args: string[]) => {
            try {
              return git(['merge-base', '--all', ...args.map((name) => hashes.get(name)!)]);
            } catch {
              return '';
            }
          };
          const namesIn = (answer: string) =>
            answer
              .split('\n')
              .filter(Boolean)
              .map((hash) => names.get(hash)!)
              .sort();
          expect(ours.bases(one, other)).toEqual(namesIn(theirs(one, other)));
          if (pair === 0) {
            expect(ours.bases(one, other, third)).toEqual(namesIn(theirs(one, other, third)));
            const counted = git(['rev-list', '--left-right', '--count', `${hashes.get(one)}...${hashes.get(other)}`]);
            const [ahead, behind] = counted.trim().split('\t').map(Number);
            expect(ours.apart(one, other)).toEqual({ ahead, behind });
            const all = git(['rev-list', hashes.get(one)!])
              .trim()
              .split('\n')
              .map((hash) => names.get(hash)!);
            expect([...ours.log(one)].sort()).toEqual(all.sort());
            expect(ours.isIn(one, other)).toBe(all.includes(other));
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

test('a log has each commit before its parents, and does not depend on the order in which commits were added', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const { log } = graphOf(history);
      const head = String(Object.keys(history).length - 1);
      const order = log(head);
      const place = new Map(order.map((name, at) => [name, at]));
      expect(place.size).toBe(order.length);
      for (const name of order)
        for (const parent of history[name]!) expect(place.get(parent)!).toBeGreaterThan(place.get(name)!);
    }),
    { numRuns: 100 },
  );
});
