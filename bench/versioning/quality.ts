import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Automerge from '@automerge/automerge';
import { create } from 'jsondiffpatch';
import { diff3Merge } from 'node-diff3';
import {
  COMMUTING_CLASSES,
  commutingPair,
  randomFrom,
  settled,
  type CommutingPair,
} from '#libs/testing/commuting-edits';
import type { Json } from '#libs/testing/film-edits';
import { mergeDocuments } from '#libs/timeline/merge/merge-documents';
import { GitRepository } from './git-repository.js';
import { trueConflicts } from './true-conflicts.js';

/** What a tool makes of a pair: a document, or null where it wants a person to decide. */
type Tool = (pair: Pick<CommutingPair, 'base' | 'ours' | 'theirs'>) => Json;

/** Merges of work that has nothing to do with each other: right, refused for nothing, or silently wrong; and how many contradictions are told, by tool. */
export function benchQuality(pairs: number): void {
  const git = new GitRepository();
  const tools: Record<string, Tool> = {
    'ours, by id': ({ base, ours, theirs }) => {
      const { merged, conflicts } = mergeDocuments(base, ours, theirs);
      return conflicts.length > 0 ? null : merged;
    },
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
  console.log(`\n${pairs} pairs of each of ${COMMUTING_CLASSES.length} classes, 60 clips, 2-13 edits a side`);
  for (const [name, merge] of Object.entries(tools)) {
    const found = { right: 0, refused: 0, wrong: 0 };
    for (const kind of COMMUTING_CLASSES) {
      const random = randomFrom(11);
      for (let nth = 0; nth < pairs; nth++) {
        const pair = commutingPair(kind, { clips: 60, edits: 2 + Math.floor(random() * 12), random });
        const merged = merge(pair);
        found[merged === null ? 'refused' : isRight(merged, pair) ? 'right' : 'wrong']++;
      }
    }
    const all = pairs * COMMUTING_CLASSES.length;
    const share = (count: number) => `${((100 * count) / all).toFixed(1)} %`.padStart(8);
    console.log(
      `${name.padEnd(36)} right ${share(found.right)}   false conflict ${share(found.refused)}   silently wrong ${share(found.wrong)}`,
    );
  }
  const classes = trueConflicts(pairs, randomFrom(13));
  console.log(`\n${pairs} pairs of each of ${classes.length} classes of contradictions: how many are told`);
  for (const [name, merge] of Object.entries(tools)) {
    const told = classes.map(([kind, made]) => `${kind} ${made.filter((pair) => merge(pair) === null).length}`);
    console.log(`${name.padEnd(36)} ${told.join('   ')}`);
  }
  git.remove();
}

function isRight(merged: Json, { expected }: CommutingPair): boolean {
  try {
    return settled(merged) === settled(expected);
  } catch {
    return false;
  }
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
