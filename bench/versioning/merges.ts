import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMUTING_CLASSES, commutingPair, randomFrom } from '#libs/testing/commuting-edits';
import { diffDocuments } from '#libs/timeline/diff/diff-documents';
import { mergeDocuments } from '#libs/timeline/merge/merge-documents';
import { diffTrees } from '#libs/timeline/objects/diff-trees';
import { mergeTrees } from '#libs/timeline/objects/merge-trees';
import { readDocuments } from '#libs/timeline/objects/read-documents';
import { writeDocument } from '#libs/timeline/objects/write-document';
import { line, timed } from './figures.js';
import { GitRepository } from './git-repository.js';

/** Longer films are not merged as whole documents, and by git once: it takes a minute. */
const LONG = 20_000;
/** Runs before those that count, as in a service that runs. */
const WARM_UP = 300;

/** What people do whose work is merged, ten changes a side: by a name of its own, and as edits that commute. */
const KINDS = [
  ['trims', 'trims and names'],
  ['inserts', 'clips put in between'],
  ['moves', 'moves along the track'],
  ['moves and inserts', 'moves along the track and new clips'],
] as const;

/** A merge of ten changes a side of each kind, and the diff of one side, as films grow; beside git on the same film as indented JSON. */
export async function benchMerges(): Promise<void> {
  for (const clips of [1000, 5000, 20_000, 100_000]) {
    const nodes = new Map<string, string>();
    for (const [name, edits] of KINDS) await benchKind(name, edits, clips, nodes);
  }
}

async function benchKind(name: string, edits: string, clips: number, nodes: Map<string, string>): Promise<void> {
  const isLong = clips > LONG;
  const isFirst = name === KINDS[0][0];
  const kind = COMMUTING_CLASSES.find(([own]) => own === edits)!;
  const { base, ours, theirs } = commutingPair(kind, { clips, edits: 10, random: randomFrom(clips) });
  const keep = (document: Record<string, unknown>) => {
    const written = writeDocument(document);
    for (const [hash, { text }] of written.nodes) nodes.set(hash, text);
    return written.tree;
  };
  const [of, a, b] = [base, ours, theirs].map(keep) as [string, string, string];
  const read = (hashes: readonly string[]) => Promise.resolve(new Map(hashes.map((hash) => [hash, nodes.get(hash)!])));

  const git = new GitRepository();
  for (const [file, document] of Object.entries({ base, ours, theirs }))
    writeFileSync(join(git.folder, file), JSON.stringify(document, null, 1));
  const at = (file: string) => join(git.folder, file);
  const runs = isLong ? 1 : 7;
  const gitMerge = await timed(runs, () => git.try('merge-file', '-p', '-q', at('ours'), at('base'), at('theirs')));
  const merge = () => mergeTrees(read, { base: of, ours: a, theirs: b });
  await timed(WARM_UP, merge);
  line(`merge of ${name}, ${clips} clips, from trees to a tree`, await timed(60, merge), gitMerge);
  if (isFirst) {
    const gitDiff = await timed(runs, () => git.try('diff', '--no-index', at('base'), at('ours')));
    line(`diff, ${clips} clips, from trees`, await timed(20, () => diffTrees(read, of, a)), gitDiff);
    if (!isLong) {
      const documents = await readDocuments(read, [of, a, b]);
      const [first, second, third] = documents as [typeof base, typeof ours, typeof theirs];
      const whole = await timed(20, () => mergeDocuments(first, second, third));
      line(`merge, ${clips} clips, documents in hand`, whole, gitMerge);
      line(`diff, ${clips} clips, documents in hand`, await timed(7, () => diffDocuments(first, second)), gitDiff);
    }
  }
  git.remove();
}
