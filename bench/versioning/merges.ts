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
const WARM_UP = 20;

/** A merge of ten changes a side, and the diff of one side, as films grow; beside git on the same film as indented JSON. */
export async function benchMerges(): Promise<void> {
  for (const clips of [1000, 5000, 20_000, 100_000]) {
    const isLong = clips > LONG;
    const kind = COMMUTING_CLASSES.find(([name]) => name === 'trims and names')!;
    const { base, ours, theirs } = commutingPair(kind, { clips, edits: 10, random: randomFrom(clips) });
    const nodes = new Map<string, string>();
    const keep = (document: Record<string, unknown>) => {
      const written = writeDocument(document);
      for (const [hash, { text }] of written.nodes) nodes.set(hash, text);
      return written.tree;
    };
    const trees = [base, ours, theirs].map(keep) as [string, string, string];
    const read = (hashes: readonly string[]) =>
      Promise.resolve(new Map(hashes.map((hash) => [hash, nodes.get(hash)!])));
    const [first, second, third] = (await readDocuments(read, trees)) as [typeof base, typeof ours, typeof theirs];

    const git = new GitRepository();
    const files = { base, ours, theirs };
    for (const [name, document] of Object.entries(files))
      writeFileSync(join(git.folder, name), JSON.stringify(document, null, 1));
    const at = (name: string) => join(git.folder, name);
    const gitMerge = await timed(isLong ? 1 : 7, () =>
      git.try('merge-file', '-p', '-q', at('ours'), at('base'), at('theirs')),
    );
    const gitDiff = await timed(isLong ? 1 : 7, () => git.try('diff', '--no-index', at('base'), at('ours')));
    const [of, a, b] = trees;
    const merge = () => mergeTrees(read, { base: of, ours: a, theirs: b });
    await timed(WARM_UP, merge);
    line(`merge, ${clips} clips, from trees to a tree`, await timed(40, merge), gitMerge);
    line(`diff, ${clips} clips, from trees`, await timed(20, () => diffTrees(read, of, a)), gitDiff);
    if (!isLong) {
      const whole = await timed(20, () => mergeDocuments(first, second, third));
      line(`merge, ${clips} clips, documents in hand`, whole, gitMerge);
      line(`diff, ${clips} clips, documents in hand`, await timed(7, () => diffDocuments(first, second)), gitDiff);
    }
    git.remove();
  }
}
