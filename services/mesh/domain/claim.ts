/** Which cluster a site belongs to, by the number of its claim. */
export interface Claim {
  readonly owner: string;
  readonly epoch: number;
}

const MOST_AHEAD = 1_000_000;

/**
 * Whether an epoch can have been come to by handing a site over again and again. A number so high that none is higher
 * would hold for ever, whoever made it up.
 */
export const isWithinReach = (epoch: number, known: number): boolean => epoch <= known + MOST_AHEAD;

/**
 * Whether what another cluster says replaces what is known here: the higher epoch does. Two that claimed with the same
 * epoch, not knowing of each other, agree on the one whose name comes first, each by itself.
 */
export const supersedes = (theirs: Claim, ours: Claim): boolean =>
  theirs.epoch > ours.epoch || (theirs.epoch === ours.epoch && theirs.owner < ours.owner);
