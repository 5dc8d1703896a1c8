import { createRender, getRender, listRenders } from '#libs/contracts/tasks-render';
import { route, type Route } from '../http/route.js';

/** Films made of commits. */
export const renderRoutes: readonly Route[] = [
  route('POST /projects/:project_id/renders', createRender, {
    auth: 'required',
    summary: 'Render the head of a branch as MP4 or WebM',
  }),
  route('GET /projects/:project_id/renders', listRenders, {
    auth: 'optional',
    query: ['commit_id', 'language'],
    summary: 'The rendered films of a project, newest first',
  }),
  route('GET /renders/:render_id', getRender, {
    auth: 'optional',
    query: ['language'],
    summary: 'One rendered film',
  }),
];
