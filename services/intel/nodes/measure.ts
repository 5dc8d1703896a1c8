import type { IntelNode, LimitMet } from '#libs/contracts/intel-nodes';
import type { NodeEntity } from './node.entity.js';

type Measures = Pick<IntelNode, 'most_works' | 'most_works_a_day' | 'most_names' | 'most_names_a_day' | 'most_changes_a_day'>; // prettier-ignore

/** What a centre may bring unless its row says otherwise: well above what an honest one of its tier has. */
const OF_TIER: Record<NodeEntity['tier'], Measures> = {
  official: { most_works: 5_000_000, most_works_a_day: 1_000_000, most_names: 50_000_000, most_names_a_day: 10_000_000, most_changes_a_day: 5_000_000 }, // prettier-ignore
  trusted: { most_works: 1_000_000, most_works_a_day: 200_000, most_names: 10_000_000, most_names_a_day: 2_000_000, most_changes_a_day: 1_000_000 }, // prettier-ignore
  community: { most_works: 100_000, most_works_a_day: 20_000, most_names: 1_000_000, most_names_a_day: 200_000, most_changes_a_day: 100_000 }, // prettier-ignore
};

/** What this centre may bring. */
export function measuresOf(node: NodeEntity): Measures {
  const usual = OF_TIER[node.tier];
  return {
    most_works: node.most_works ?? usual.most_works,
    most_works_a_day: node.most_works_a_day ?? usual.most_works_a_day,
    most_names: node.most_names ?? usual.most_names,
    most_names_a_day: node.most_names_a_day ?? usual.most_names_a_day,
    most_changes_a_day: node.most_changes_a_day ?? usual.most_changes_a_day,
  };
}

export interface Room {
  works: number;
  names: number;
  changes: number;
}

/** How much of it is left today. */
export function roomOf(node: NodeEntity): Room {
  const most = measuresOf(node);
  const left = (number: number) => Math.max(0, number);
  return {
    works: left(Math.min(most.most_works - node.works, most.most_works_a_day - node.works_today)),
    names: left(Math.min(most.most_names - node.names, most.most_names_a_day - node.names_today)),
    changes: left(most.most_changes_a_day - node.changes_today),
  };
}

/** Whether a new day can bring what was left out: not while it has brought all that it may in all. */
export function hasRoomInAll(node: NodeEntity): boolean {
  const most = measuresOf(node);
  return node.works < most.most_works && node.names < most.most_names;
}

/** Which measure keeps new works, or names of known ones, out. */
export function limitMet(node: NodeEntity, of: 'works' | 'names'): LimitMet {
  const most = measuresOf(node);
  if (of === 'works') return node.works >= most.most_works ? 'works' : 'works_a_day';
  return node.names >= most.most_names ? 'names' : 'names_a_day';
}
