import { MEMBER_ROLES, type MemberRole } from '#libs/contracts/projects-members';

type Row = readonly [boolean, boolean, boolean, boolean];
const Y = true;
const n = false;

/** Who may do what in a team, by their role in it. What they may do in its projects is in the other table. */
// prettier-ignore
const MATRIX = {
  //                   owner  maintainer  contributor  viewer
  readTeam:           [Y,     Y,          Y,           Y],
  changeTeam:         [Y,     n,          n,           n],
  deleteTeam:         [Y,     n,          n,           n],
  manageMembers:      [Y,     Y,          n,           n],
  manageMaintainers:  [Y,     n,          n,           n],
  takeProjects:       [Y,     Y,          n,           n],
  readAudit:          [Y,     Y,          n,           n],
} as const satisfies Record<string, Row>;

export type TeamAction = keyof typeof MATRIX;

/** Whether a role in a team allows the act. */
export function isAllowedInTeam(action: TeamAction, role: MemberRole): boolean {
  return MATRIX[action][MEMBER_ROLES.indexOf(role)] === true;
}

/** The act of giving somebody a role, or of taking it. */
export const managing = (role: MemberRole) =>
  role === 'owner' || role === 'maintainer' ? 'manageMaintainers' : 'manageMembers';
