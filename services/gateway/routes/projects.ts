import {
  createAnchor,
  createProject,
  deleteProject,
  exportProject,
  exportTimeline,
  feed,
  forkProject,
  getAnchor,
  getProject,
  getPublicProject,
  importProject,
  importTimeline,
  listAnchors,
  listProjects,
  toggleLike,
  updateProject,
} from '#libs/contracts/projects';
import { bringTimelineBack } from '#libs/contracts/projects-interchange';
import { route, type Route } from '../http/route.js';

/** Projects as wholes: to find, keep, share, copy and carry away. */
export const projectRoutes: readonly Route[] = [
  route('GET /projects/feed', feed, {
    auth: 'optional',
    query: ['skip', 'limit', 'query', 'tag', 'sort'],
    summary: 'Public projects, new or hot',
  }),
  route('GET /projects/public/:project_id', getPublicProject, { auth: 'optional', summary: 'One public project' }),
  route('POST /projects', createProject, { auth: 'required', summary: 'Begin a project' }),
  route('GET /projects', listProjects, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'Projects of mine, and those I have a branch in, oldest first',
  }),
  route('GET /projects/:project_id', getProject, { auth: 'required', summary: 'One project' }),
  route('PUT /projects/:project_id', updateProject, {
    auth: 'required',
    summary: 'Change a project; what is absent or null stays',
  }),
  route('DELETE /projects/:project_id', deleteProject, {
    auth: 'required',
    summary: 'Delete a project, confirmed by its id and my nickname',
  }),
  route('POST /projects/:project_id/delete', deleteProject, {
    auth: 'required',
    summary: 'The same, for clients that send no body with DELETE',
  }),
  route('POST /projects/:project_id/like', toggleLike, {
    auth: 'required',
    summary: 'Like a project, or no longer; answers whether it is liked now',
  }),
  route('POST /projects/:project_id/fork', forkProject, { auth: 'required', summary: 'Copy a project to my own' }),
  route('GET /projects/:project_id/export', exportProject, {
    auth: 'optional',
    query: ['branch_name'],
    summary: 'One branch, to be imported elsewhere',
  }),
  route('POST /projects/import', importProject, { auth: 'required', summary: 'Begin a project from an export' }),

  route('GET /projects/:project_id/timeline', exportTimeline, {
    auth: 'optional',
    query: ['branch_name', 'format', 'language'],
    summary: 'A film for another editor (OpenTimelineIO, EDL, FCPXML), with what that cannot carry',
  }),
  route('POST /projects/:project_id/timeline', bringTimelineBack, {
    auth: 'required',
    headers: { if_match: 'if-match' },
    summary: 'Commit what another editor did to a film: its file comes back, and its shots are found again',
  }),
  route('POST /projects/import-timeline', importTimeline, {
    auth: 'required',
    summary: "Begin a project from another editor's file, with what has no place here",
  }),

  route('POST /anchors', createAnchor, { auth: 'required', summary: 'Keep a character reference' }),
  route('GET /anchors/:anchor_id', getAnchor, { auth: 'required', summary: 'One character reference' }),
  route('GET /anchors/project/:project_id', listAnchors, {
    auth: 'required',
    summary: 'The character references of a project',
  }),
];
