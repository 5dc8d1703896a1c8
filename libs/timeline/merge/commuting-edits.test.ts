import { COMMUTING_CLASSES, commutingPair, randomFrom, settled } from '#libs/testing/commuting-edits';
import { mergeDocuments } from './merge-documents.js';

const PAIRS_A_CLASS = Number(process.env.MERGE_PAIRS ?? 12);

test.each(COMMUTING_CLASSES)('%s of two people never conflict and are both there', (...kind) => {
  const seed = Number(process.env.MERGE_SEED ?? 1);
  const random = randomFrom(seed);
  for (let nth = 0; nth < PAIRS_A_CLASS; nth++) {
    const pair = commutingPair(kind, { clips: 60, edits: 2 + Math.floor(random() * 12), random });
    const { merged, conflicts } = mergeDocuments(pair.base, pair.ours, pair.theirs);
    const where = `MERGE_SEED=${seed}, pair ${nth}`;
    expect([where, conflicts]).toEqual([where, []]);
    expect([where, settled(merged)]).toEqual([where, settled(pair.expected)]);
  }
});
