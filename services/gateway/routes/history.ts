import { blameEntity, cherryPick, revertCommit } from '#libs/contracts/projects-redo';
import * as contract from '#libs/contracts/projects-history';
import { route, type Route } from '../http/route.js';
import { taggedDocument } from './versions.js';

/** The refs of a project, and what its workspaces were. */
export const historyRoutes: readonly Route[] = [
  route('PATCH /projects/:project_id/branches/:branch_name', contract.renameBranch, {
    auth: 'required',
    summary: 'Give a branch another name',
  }),
  route('DELETE /projects/:project_id/branches/:branch_name', contract.deleteBranch, {
    auth: 'required',
    query: ['expected_head'],
    summary: 'Delete a branch; its commits can still be found by the reflog',
  }),
  route('POST /projects/:project_id/branches/:branch_name/move', contract.moveBranch, {
    auth: 'required',
    summary: 'Move a branch to another commit, from the head that was seen',
  }),
  route('GET /projects/:project_id/branches/:branch_name/rule', contract.getBranchRule, {
    auth: 'optional',
    summary: 'What a branch is protected by',
  }),
  route('PUT /projects/:project_id/branches/:branch_name/rule', contract.protectBranch, {
    auth: 'required',
    summary: 'Protect a branch: who commits directly, approvals, deletion, force',
  }),
  route('DELETE /projects/:project_id/branches/:branch_name/rule', contract.unprotectBranch, {
    auth: 'required',
    summary: 'Protect a branch no longer',
  }),
  route('GET /projects/:project_id/reflog', contract.listBranchMoves, {
    auth: 'required',
    query: ['branch_name', 'after', 'limit'],
    summary: 'Every move of a branch, or of all, newest first',
  }),
  route('POST /projects/:project_id/tags', contract.createTag, {
    auth: 'required',
    status: 201,
    summary: 'Name a commit for ever; with a release, tell about it',
  }),
  route('GET /projects/:project_id/tags', contract.listTags, {
    auth: 'optional',
    query: ['releases_only', 'after', 'limit'],
    summary: 'The tags and releases of a project, newest first',
  }),
  route('GET /projects/:project_id/tags/:tag_name', contract.getTag, { auth: 'optional', summary: 'One tag' }),
  route('DELETE /projects/:project_id/tags/:tag_name', contract.deleteTag, {
    auth: 'required',
    summary: 'Delete a tag, with its release',
  }),
  route('PUT /projects/:project_id/tags/:tag_name/release', contract.writeRelease, {
    auth: 'required',
    summary: 'Make a tag a release, or better what is told about it',
  }),
  route('POST /projects/:project_id/revert', revertCommit, {
    auth: 'required',
    summary: 'Undo a commit by a commit; conflicts are listed, and settled by resolutions',
  }),
  route('POST /projects/:project_id/cherry-pick', cherryPick, {
    auth: 'required',
    summary: 'Do again on a branch what a commit did, here or in another project',
  }),
  route('GET /projects/:project_id/blame', blameEntity, {
    auth: 'optional',
    query: ['ref', 'entity', 'id', 'after', 'limit'],
    summary: 'Which commit last changed each field of one thing',
  }),
  route('GET /projects/:project_id/workspace/revisions', contract.listRevisions, {
    auth: 'required',
    query: ['branch_name', 'limit'],
    summary: 'What the workspace of a branch was, newest first',
  }),
  route('GET /projects/:project_id/workspace/revisions/:revision', contract.getRevision, {
    auth: 'required',
    query: ['branch_name'],
    summary: 'One save of a workspace',
  }),
  route('POST /projects/:project_id/workspace/restore', contract.restoreWorkspace, {
    auth: 'required',
    either: ['branch_name'],
    headers: { if_match: 'if-match' },
    summary: 'Put a commit, or an earlier save, into the workspace',
    ...taggedDocument,
  }),
];
