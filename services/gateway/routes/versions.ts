import {
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
} from '#libs/contracts/projects';
import { route, type Route } from '../http/route.js';

/** Branches, the workspace of each, and the commits they are made of. */
export const versionRoutes: readonly Route[] = [
  route('GET /projects/:project_id/branches', listBranches, {
    auth: 'optional',
    summary: 'The branches of a project, with who made them',
  }),
  route('GET /projects/:project_id/graph', getGraph, {
    auth: 'optional',
    summary: 'The history of a project: branches and commits',
  }),
  route('GET /projects/:project_id/commits', listCommits, {
    auth: 'optional',
    query: ['ref', 'author_id', 'after', 'limit'],
    summary: 'What led to a branch or commit, newest first',
  }),
  route('GET /projects/:project_id/commits/:commit', getCommit, {
    auth: 'optional',
    summary: 'One commit with its snapshot',
  }),
  route('GET /projects/:project_id/compare', compareRefs, {
    auth: 'optional',
    query: ['base', 'head', 'language'],
    summary: 'What one branch or commit has that another has not, as data and in words',
  }),
  route('GET /projects/:project_id/head', getHead, {
    auth: 'required',
    query: ['branch_name'],
    summary: 'The newest commit of a branch',
  }),
  route('GET /projects/:project_id/workspace', getWorkspace, {
    auth: 'required',
    query: ['branch_name'],
    summary: 'The working document of a branch',
  }),
  route('PUT /projects/:project_id/workspace', saveWorkspace, {
    auth: 'required',
    query: ['branch_name'],
    body: 'document',
    summary: 'Save the working document of a branch',
  }),
  route('POST /projects/:project_id/fork-branch', forkBranch, {
    auth: 'required',
    summary: 'Begin a branch of my own in a project',
  }),
  route('POST /commits', createCommit, { auth: 'required', summary: 'Commit a snapshot to a branch' }),
  route('POST /branches', createBranch, { auth: 'required', summary: 'Begin a branch' }),
];
