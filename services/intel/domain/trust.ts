/** How far someone is believed, from 0 to 1, by how often they were right; nobody begins at either end. */
export function trustOf({ approved, rejected }: { approved: number; rejected: number }): number {
  return (approved + 1) / (approved + rejected + 2);
}

/** Below it nobody is believed: what they report is not taken, and what they have reported is taken back. */
export const LEAST_TRUST = 0.25;

export interface Vote {
  approves: boolean;
  weight: number;
}

/** What the votes of contributors decide together; undecided below the weight of two who are mostly right. */
export function verdict(votes: readonly Vote[]): 'approved' | 'rejected' | undefined {
  const sum = votes.reduce((total, { approves, weight }) => total + (approves ? weight : -weight), 0);
  return sum >= ENOUGH ? 'approved' : sum <= -ENOUGH ? 'rejected' : undefined;
}

const ENOUGH = 1.5;
