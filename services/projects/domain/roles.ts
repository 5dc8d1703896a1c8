import { MEMBER_ROLES, type MemberRole } from '#libs/contracts/projects-members';

/** The role that allows more. */
export function higherRole(one: MemberRole, other: MemberRole): MemberRole {
  return MEMBER_ROLES.indexOf(one) <= MEMBER_ROLES.indexOf(other) ? one : other;
}
