import {
  COMMUTING_CLASSES,
  commutingPair,
  isSettledAs,
  randomFrom,
  type CommutingPair,
} from '#libs/testing/commuting-edits';
import type { Json } from '#libs/testing/film-edits';
import { mergeDocuments } from '#libs/timeline/merge/merge-documents';
import { CONFLICT_CLASSES, contradiction } from './true-conflicts.js';

/** What a tool makes of a pair: a document, or null where it wants a person to decide. */
export type Tool = (pair: Pick<CommutingPair, 'base' | 'ours' | 'theirs'>) => Json;

/** How often a tool was right, refused for nothing, or was silently wrong; and of contradictions, how many it told of, by class. */
export interface Found {
  right: number;
  refused: number;
  wrong: number;
  told: Record<string, number>;
  /** Contradictions that were told more than once, for tools that list them. */
  toldTwice: number;
  /** What to begin with to see the first that went wrong again. */
  first?: string;
}

/** So many pairs from a seed, each class of independent work in turn; and a tenth as many contradictions. */
export function judge(merge: Tool, { seed, pairs }: { seed: number; pairs: number }): Found {
  const random = randomFrom(seed);
  const found: Found = { right: 0, refused: 0, wrong: 0, told: {}, toldTwice: 0 };
  for (let nth = 0; nth < pairs; nth++) {
    const kind = COMMUTING_CLASSES[nth % COMMUTING_CLASSES.length]!;
    const edits = 2 + Math.floor(random() ** 3 * 49);
    const pair = commutingPair(kind, { clips: 4 * (edits + 2 + Math.floor(random() * 4)), edits, random });
    const merged = merge(pair);
    const outcome = merged === null ? 'refused' : isRight(merged, pair) ? 'right' : 'wrong';
    found[outcome]++;
    if (outcome !== 'right') found.first ??= `${outcome}: seed ${seed}, pair ${nth}, ${kind[0]}`;
  }
  for (const name of CONFLICT_CLASSES) {
    found.told[name] = 0;
    for (let nth = 0; nth < pairs / 10 / CONFLICT_CLASSES.length; nth++)
      if (merge(contradiction(name, random)) === null) found.told[name]++;
  }
  return found;
}

/** Our merge; contradictions that it tells more than once are counted. */
export function judgeOurs(wish: { seed: number; pairs: number }): Found {
  let twice = 0;
  const found = judge(({ base, ours, theirs }) => {
    const { merged, conflicts } = mergeDocuments(base, ours, theirs);
    if (conflicts.length > 1) twice++;
    return conflicts.length > 0 ? null : merged;
  }, wish);
  return { ...found, toldTwice: twice };
}

/** How many contradictions of a class so many pairs bring. */
export const contradictionsOf = (pairs: number): number => Math.ceil(pairs / 10 / CONFLICT_CLASSES.length);

function isRight(merged: Json, { expected }: CommutingPair): boolean {
  try {
    return isSettledAs(merged, expected);
  } catch {
    return false;
  }
}
