import fc from 'fast-check';
import { canonicalJson } from '../canonical-json.js';
import type { Document } from '../document.js';
import { agreement, baseOfBases, type Past } from './base-of-bases.js';
import { mergeIntoBase, mergeVersions } from './merge-documents.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A past of named commits, whose merges are those of the product. */
class Team implements Past {
  readonly documents = new Map<string, Document>();
  readonly parents = new Map<string, string[]>();
  reads = 0;

  commit(name: string, parents: string[], document: Document): string {
    this.parents.set(name, parents);
    this.documents.set(name, structuredClone(document));
    return name;
  }

  edit(name: string, parent: string, change: (document: Json) => void): string {
    const document = structuredClone(this.documents.get(parent)!);
    change(document);
    return this.commit(name, [parent], document);
  }

  async merge(ours: string, theirs: string) {
    const base = await baseOfBases(this.mergeBases(ours, theirs), this);
    const [a, b] = [ours, theirs].map((name) => ({ document: this.documents.get(name)! }));
    return mergeVersions({ base, ours: a!, theirs: b! });
  }

  document(name: string): Promise<Document> {
    this.reads++;
    return Promise.resolve(this.documents.get(name)!);
  }

  mergeBases(one: string, ...others: string[]): string[] {
    const past = this.ancestors([one]);
    const common = [...this.ancestors(others)].filter((name) => past.has(name));
    const covered = this.ancestors(common.flatMap((name) => this.parents.get(name)!));
    return common.filter((name) => !covered.has(name)).sort();
  }

  private ancestors(heads: string[]): Set<string> {
    const seen = new Set<string>();
    const open = [...heads];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...this.parents.get(name)!);
    }
    return seen;
  }
}

const film = (): Json => ({
  title: 'Film',
  editorData: ['V1', 'V2', 'V3'].map((id) => ({ id, actions: [] as Json[] })),
  editorState: { scenes: {}, beats: {}, characters: { mara: { id: 'mara', name: 'Mara' } } },
});

/** Two lines of work that each took over the other's first step: their bases are both these steps. */
function crossed(base: Json, one: (document: Json) => void, other: (document: Json) => void) {
  const team = new Team();
  team.commit('root', [], base);
  team.edit('b1', 'root', one);
  team.edit('b2', 'root', other);
  return {
    team,
    meet: (ours: Json, theirs: Json) => {
      team.commit('m1', ['b1', 'b2'], ours);
      team.commit('m2', ['b2', 'b1'], theirs);
      return team.merge('m1', 'm2');
    },
  };
}

describe('over a criss-cross', () => {
  test('what was settled alike on both sides is no conflict, what was settled differently is one', async () => {
    const story = crossed(
      film(),
      (document) => (document.title = 'Storm'),
      (document) => (document.title = 'Light'),
    );
    const titled = (title: string) => ({ ...film(), title });
    expect(await story.meet(titled('Both'), titled('Both'))).toMatchObject({
      merged: { title: 'Both' },
      conflicts: [],
    });
    const apart = await story.meet(titled('Storm'), titled('Light'));
    expect(apart.conflicts).toMatchObject([{ kind: 'both_changed', path: ['title'], ours: 'Storm', theirs: 'Light' }]);
    expect(Object.hasOwn(apart.conflicts[0]!, 'base')).toBe(false);
  });

  test('a clip that the bases put on different tracks stands where both sides put it, or is a conflict', async () => {
    const base = film();
    base.editorData[0].actions.push({ id: 'clip', end: 3 });
    const on = (track: number): Json => {
      const document = film();
      document.editorData[track].actions.push({ id: 'clip', end: 3 });
      return document;
    };
    const move = (track: number) => (document: Json) => (document.editorData = on(track).editorData);
    const story = crossed(base, move(1), move(2));
    expect((await story.meet(on(1), on(1))).conflicts).toEqual([]);
    for (const [ours, theirs] of [
      [1, 2],
      [2, 1],
      [0, 1],
    ] as const)
      expect((await story.meet(on(ours), on(theirs))).conflicts).toMatchObject([{ kind: 'moved_twice' }]);
  });

  test('a clip that one base deleted and the other changed is there or not as both sides say, or is a conflict', async () => {
    const withClip = (end: number): Json => {
      const document = film();
      document.editorData[0].actions.push({ id: 'clip', end });
      return document;
    };
    const without = (document: Json) => (document.editorData = film().editorData);
    const trimmed = (document: Json) => (document.editorData[0].actions[0].end = 5);
    const story = crossed(withClip(3), without, trimmed);
    expect(await story.meet(film(), film())).toMatchObject({ merged: film(), conflicts: [] });
    expect(await story.meet(withClip(5), withClip(5))).toMatchObject({ merged: withClip(5), conflicts: [] });
    expect((await story.meet(film(), withClip(5))).conflicts).toMatchObject([{ kind: 'deleted_and_changed' }]);
    expect((await story.meet(withClip(5), film())).conflicts).toMatchObject([{ kind: 'deleted_and_changed' }]);
    expect((await story.meet(withClip(5), withClip(6))).conflicts).toMatchObject([{ kind: 'both_changed' }]);
  });

  test('the order that the bases disagree about is as both sides have it, or is a conflict', async () => {
    const order = (...ids: string[]): Json => ({ shots: ids.map((id) => ({ id })) });
    const story = crossed(
      order('a', 'b', 'c', 'd', 'e'),
      (document) => (document.shots = order('b', 'c', 'd', 'e', 'a').shots),
      (document) => (document.shots = order('b', 'c', 'a', 'd', 'e').shots),
    );
    const late = order('b', 'c', 'd', 'a', 'e');
    expect(await story.meet(late, late)).toMatchObject({ merged: late, conflicts: [] });
    expect((await story.meet(order('b', 'c', 'd', 'e', 'a'), order('b', 'c', 'a', 'd', 'e'))).conflicts).toMatchObject([
      { kind: 'moved_twice', path: ['shots', 'a'] },
    ]);
  });

  test('a scene deleted with its beats in one base and gone on with in the other is a conflict of whoever disagrees', async () => {
    const base = film();
    base.editorState.scenes.s = { id: 's', title: 'S', beatIds: ['x'] };
    base.editorState.beats.x = { id: 'x', sceneId: 's' };
    const kept = structuredClone(base);
    kept.editorState.scenes.s.beatIds.push('y');
    kept.editorState.beats.y = { id: 'y', sceneId: 's' };
    const story = crossed(
      base,
      (document) => (document.editorState = film().editorState),
      (document) => (document.editorState = structuredClone(kept.editorState)),
    );
    expect(await story.meet(kept, kept)).toMatchObject({ merged: kept, conflicts: [] });
    expect((await story.meet(film(), kept)).conflicts.length).toBeGreaterThan(0);
  });
});

/** Steps of a team: each commits something of its own, or takes over what another has. */
const steps = fc.array(fc.record({ who: fc.nat(3), with: fc.nat(3), kind: fc.nat(4) }), {
  minLength: 4,
  maxLength: 40,
});

/** A change that commutes with all others: every step has things of its own. */
function ownChange(document: Json, at: number, kind: number): void {
  if (kind === 0) document.editorData[at % 3].actions.push({ id: `clip${at}`, start: at, end: at + 1 });
  else if (kind === 1) document.editorState.characters[`c${at}`] = { id: `c${at}`, name: `C ${at}` };
  else document.fields[at] = at;
}

test('however often people take over each other’s work, nothing of anybody is lost and nothing is a conflict', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      const team = new Team();
      team.commit('0', [], { ...film(), fields: {} });
      const heads = ['0', '0', '0', '0'];
      const done = new Map([['0', new Set<number>()]]);
      const kinds = new Map<number, number>();
      for (const [nth, { who, with: other, kind }] of story.entries()) {
        const at = nth + 1;
        const [head, theirs] = [heads[who]!, heads[other]!];
        if (kind < 3) {
          heads[who] = team.edit(String(at), head, (document) => ownChange(document, at, kind));
          done.set(heads[who], new Set([...done.get(head)!, at]));
          kinds.set(at, kind);
        } else if (team.mergeBases(head, theirs)[0] !== theirs) {
          const { merged, conflicts } = await team.merge(head, theirs);
          expect(conflicts).toEqual([]);
          heads[who] = team.commit(String(at), [head, theirs], merged);
          done.set(heads[who], new Set([...done.get(head)!, ...done.get(theirs)!]));
        }
      }
      for (const head of heads) {
        const document: Json = team.documents.get(head);
        const found = [
          ...document.editorData.flatMap((row: Json) => row.actions.map(({ start }: Json) => start as number)),
          ...Object.keys(document.editorState.characters).flatMap((id) => (id === 'mara' ? [] : Number(id.slice(1)))),
          ...Object.values<number>(document.fields),
        ];
        expect(found.sort((a, b) => a - b)).toEqual([...done.get(head)!].sort((a, b) => a - b));
      }
    }),
    { numRuns: 150 },
  );
});

test('when people change the same things, a merge is the same from either side, and undecided only where sides differ', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.array(fc.nat(5), { minLength: 40, maxLength: 40 }), async (story, values) => {
      const team = new Team();
      team.commit('0', [], { a: 0, b: 0, list: [{ id: 'p' }, { id: 'q' }, { id: 'r' }], c: { x: 0 } });
      const heads = ['0', '0', '0', '0'];
      for (const [nth, { who, with: other, kind }] of story.entries()) {
        const [head, theirs, at] = [heads[who]!, heads[other]!, String(nth + 1)];
        if (kind < 3) {
          heads[who] = team.edit(at, head, (document) => {
            if (kind === 0) document[nth % 2 ? 'a' : 'b'] = values[nth];
            else if (kind === 1) document.list.push(...document.list.splice(0, 1));
            else if (document.c) document.c = values[nth] === 0 ? undefined : { x: values[nth] };
          });
        } else if (team.mergeBases(head, theirs)[0] !== theirs) {
          const [there, back] = [await team.merge(head, theirs), await team.merge(theirs, head)];
          expect(back.conflicts.map(({ kind, path }) => canonicalJson([kind, path])).sort()).toEqual(
            there.conflicts.map(({ kind, path }) => canonicalJson([kind, path])).sort(),
          );
          if (there.conflicts.length === 0) expect(canonicalJson(back.merged)).toBe(canonicalJson(there.merged));
          expect(JSON.stringify(there)).not.toContain('undefined');
          heads[who] = team.commit(at, [head, theirs], there.merged);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('dozens of bases of a hopelessly tangled past are merged with bounded work, to the same base every time', async () => {
  const build = () => {
    const team = new Team();
    const fields = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`f${at}`, { id: at, v: 0 }]));
    let level = [team.commit('root', [], { fields, same: 1 })];
    for (let depth = 0; depth < 6; depth++) {
      level = Array.from({ length: 16 }, (_, at) => {
        const document: Json = structuredClone(team.documents.get(level[0]!));
        document.fields[`f${at}`].v = depth + 1;
        return team.commit(`${depth}.${at.toString(36)}`, level, document);
      });
    }
    return { team, ours: team.commit('ours', level, team.documents.get(level[0]!)!), level };
  };
  const [one, two] = [build(), build()];
  const first = await baseOfBases(one.level, one.team);
  expect(one.team.reads).toBeLessThan(3000);
  expect(canonicalJson((await baseOfBases(two.level, two.team)).document)).toBe(canonicalJson(first.document));
  expect(first.document.same).toBe(1);
});

test('what two versions have in common without a common past is what is the same in both', () => {
  const list = (...ids: number[]) => ids.map((id) => ({ id, text: 'x' }));
  const ours = { a: 1, b: 2, list: list(1, 2), deep: { x: [{ id: 'r', inner: list(1) }] }, gone: 1 };
  const theirs = { a: 1, b: 3, list: list(2, 1), deep: { x: [{ id: 'r', inner: list(1, 2) }] }, texts: ['x'] };
  const base = agreement({ document: ours }, { document: theirs });
  expect(base.document.a).toBe(1);
  const merged = mergeVersions({ base, ours: { document: ours }, theirs: { document: theirs } });
  expect(merged.conflicts.map(({ path }) => path.join('.')).sort()).toEqual(
    expect.arrayContaining(['b', 'gone', 'texts', 'deep.x.r.inner.2']),
  );
  expect(mergeVersions({ base, ours: { document: ours }, theirs: { document: ours } }).conflicts).toEqual([]);
  expect(mergeIntoBase({ base, ours: { document: ours }, theirs: { document: theirs } }).document.a).toBe(1);
});
