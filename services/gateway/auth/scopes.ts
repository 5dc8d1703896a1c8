import type { AccessScope } from '#libs/contracts/caller';
import { ACCESS_SCOPES } from '#libs/contracts/caller';
import { updateAsset } from '#libs/contracts/media-assets';
import { wantMedia } from '#libs/contracts/media-carrying';
import * as projects from '#libs/contracts/projects';
import { exportBundle } from '#libs/contracts/projects-bundles';
import { protectBranch, unprotectBranch } from '#libs/contracts/projects-history';
import * as members from '#libs/contracts/projects-members';
import { connectCloud, disconnectCloud } from '#libs/contracts/projects-remotes';
import * as personal from '#libs/contracts/projects-tokens';
import * as webhooks from '#libs/contracts/projects-webhooks';
import { resolveTitles } from '#libs/contracts/intel';
import * as releases from '#libs/contracts/intel-releases';
import * as rules from '#libs/contracts/intel-rules';
import * as works from '#libs/contracts/intel-works';
import * as publish from '#libs/contracts/tasks-publish';
import { parsePreview } from '#libs/contracts/tasks-vn';
import { AppError } from '#libs/errors/app-error';

type Asked = { readonly method: string; readonly operation: { readonly name: string } };

/**
 * The least scope of a personal token that a route wants: to read for what changes nothing, to administer for what is
 * about accounts, people, credentials, keys and the end of projects, and to write for all else. In the catalogue and the
 * mesh, which know roles of their own, only what is named here is writing.
 */
export function scopeNeeded(route: Asked | undefined): AccessScope {
  if (route === undefined || READS.has(route.operation.name)) return 'read';
  if (ADMINISTERS.has(route.operation.name)) return 'admin';
  if (route.method === 'GET') return 'read';
  return /^(intel|mesh)\./.test(route.operation.name) && !CATALOGUE_WRITES.has(route.operation.name)
    ? 'admin'
    : 'write';
}

/** Fields that a lesser scope may not set where it may ask for the rest: who the world is shown something, or no longer. */
const ADMINISTERED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  [projects.updateProject.name]: ['is_public'],
  [updateAsset.name]: ['is_public'],
};

/** The least scope that a request wants, when it is known what it says. */
export function scopeNeededFor(route: Asked, input: Readonly<Record<string, unknown>>): AccessScope {
  const fields = ADMINISTERED_FIELDS[route.operation.name] ?? [];
  return fields.some((field) => input[field] != null) ? 'admin' : scopeNeeded(route);
}

/** Refuses what a personal token is not for; a person themselves may do everything. */
export function requireScope(scope: AccessScope | null, needed: AccessScope): void {
  if (scope === null || covers(scope, needed)) return;
  throw new AppError('unauthorized', `This token is for ${scope} only; what is asked needs one for ${needed}.`, {
    reason: 'scope',
    scope,
    needed,
  });
}

/** Whether a token of one scope does for another. */
export const covers = (scope: AccessScope, needed: AccessScope): boolean =>
  ACCESS_SCOPES.indexOf(scope) >= ACCESS_SCOPES.indexOf(needed);

const namesOf = (operations: readonly { readonly name: string }[]) => new Set(operations.map(({ name }) => name));

/** What is asked by POST and changes nothing; and a token may always end itself. */
const READS = namesOf([
  exportBundle,
  wantMedia,
  parsePreview,
  resolveTitles,
  members.readInvitation,
  projects.endSession,
]);

/** What can be taken back, or is only offered. */
const CATALOGUE_WRITES = namesOf([
  works.createWork,
  works.saveWork,
  works.mergeWorks,
  works.unmergeWork,
  works.splitWork,
  works.unsplitWork,
  works.createImport,
  works.startImport,
  works.importWorks,
  works.submitAlias,
  releases.reportReleases,
  releases.removeReleases,
  releases.setMySites,
  releases.giveFeedback,
  rules.createRuleDraft,
  rules.saveRuleDraft,
  rules.withdrawRuleDraft,
  rules.validateRuleDraft,
]);

const ADMINISTERS = namesOf([
  projects.updateMe,
  projects.changePassword,
  projects.endAllSessions,
  projects.administerUser,
  personal.createToken,
  personal.listTokens,
  personal.revokeToken,
  personal.listMyAudit,
  projects.deleteProject,
  protectBranch,
  unprotectBranch,
  members.changeMember,
  members.removeMember,
  members.transferProject,
  members.inviteToProject,
  members.inviteToTeam,
  members.revokeInvitation,
  members.answerInvitation,
  members.answerInvitationByToken,
  members.createTeam,
  members.updateTeam,
  members.deleteTeam,
  members.changeTeamMember,
  members.removeTeamMember,
  webhooks.createWebhook,
  webhooks.updateWebhook,
  webhooks.deleteWebhook,
  webhooks.rotateWebhookSecret,
  connectCloud,
  disconnectCloud,
  publish.createPubAccount,
  publish.deletePubAccount,
  publish.enablePubAccount,
  publish.disablePubAccount,
  works.listContributors,
  works.listClientTokens,
]);
