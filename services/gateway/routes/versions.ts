import type { z } from 'zod';
import { JsonObject } from '#libs/contracts/fields';
import {
  Commit,
  compareRefs,
  createBranch,
  createCommit,
  forkBranch,
  getCommit,
  getGraph,
  getHead,
  getWorkspace,
  listBranches,
  listCommits,
  saveWorkspace,
  type Workspace,
} from '#libs/contracts/projects';
import { commitChanges, listChanges } from '#libs/contracts/projects-changes';
import { mergeBase } from '#libs/contracts/projects-graph';
import { answerWith } from '../http/answer.js';
import { route, type Route } from '../http/route.js';

/** The document alone, as clients know it, with its tag in the header; nothing but the tag for who has it already. */
export const taggedDocument = {
  answers: JsonObject,
  respond: ({ document, etag }: z.output<typeof Workspace>) =>
    document === null
      ? answerWith({ status: 304, headers: { etag } })
      : answerWith({ headers: { etag }, body: document }),
};

/** Branches, the workspace of each, and the commits they are made of. */
export const versionRoutes: readonly Route[] = [
  route('GET /projects/:project_id/branches', listBranches, {
    auth: 'optional',
    summary: 'The branches of a project, with who made them',
  }),
  route('GET /projects/:project_id/graph', getGraph, {
    auth: 'optional',
    query: ['after', 'limit'],
    summary: 'The history of a project: branches and commits',
  }),
  route('GET /projects/:project_id/commits', listCommits, {
    auth: 'optional',
    query: ['ref', 'author_id', 'text', 'since', 'until', 'entity', 'entity_id', 'after', 'limit'],
    summary: 'What led to a branch or commit, newest first',
  }),
  route('GET /projects/:project_id/commits/:commit', getCommit, {
    auth: 'optional',
    summary: 'One commit with its snapshot',
  }),
  route('GET /projects/:project_id/compare', compareRefs, {
    auth: 'optional',
    query: ['base', 'head', 'head_project_id', 'language'],
    summary: 'What one branch or commit has that another has not, as data and in words',
  }),
  route('GET /projects/:project_id/merge-base', mergeBase, {
    auth: 'optional',
    query: ['base', 'head', 'head_project_id'],
    summary: 'Where two branches or commits parted, and how far each has come since',
  }),
  route('GET /projects/:project_id/changes', listChanges, {
    auth: 'optional',
    query: ['from', 'to'],
    summary: 'What makes the document of one commit that of another, for who has the one and not the other',
  }),
  route('GET /projects/:project_id/head', getHead, {
    auth: 'required',
    query: ['branch_name'],
    summary: 'The newest commit of a branch',
  }),
  route('GET /projects/:project_id/workspace', getWorkspace, {
    auth: 'required',
    query: ['branch_name'],
    headers: { if_none_match: 'if-none-match' },
    summary: 'The working document of a branch; its ETag names this state of it',
    ...taggedDocument,
  }),
  route('PUT /projects/:project_id/workspace', saveWorkspace, {
    auth: 'required',
    query: ['branch_name'],
    headers: { if_match: 'if-match' },
    body: 'document',
    unread: 'document',
    summary: 'Save the working document of a branch; with If-Match, only over the state it names',
    answers: JsonObject,
    respond: ({ document, etag }, { input }) => answerWith({ headers: { etag }, body: document ?? input.document }),
  }),
  route('POST /projects/:project_id/fork-branch', forkBranch, {
    auth: 'required',
    summary: 'Begin a branch of my own in a project',
  }),
  route('POST /projects/:project_id/commits', commitChanges, {
    auth: 'required',
    summary: 'Commit changes to a branch without sending the whole document',
  }),
  route('POST /commits', createCommit, {
    auth: 'required',
    unread: 'video_assets',
    summary: 'Commit a snapshot to a branch',
    answers: Commit,
    respond: (made, { input }) => ({ ...made, video_assets: made.video_assets ?? input.video_assets }),
  }),
  route('POST /branches', createBranch, { auth: 'required', summary: 'Begin a branch' }),
];
