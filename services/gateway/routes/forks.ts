import { catchUp, listForks } from '#libs/contracts/projects-forks';
import { route, type Route } from '../http/route.js';

/** Forks of a project, and what came to the original since. */
export const forkRoutes: readonly Route[] = [
  route('GET /projects/:project_id/forks', listForks, {
    auth: 'optional',
    query: ['skip', 'limit'],
    summary: 'The forks of a project that I can see, newest first',
  }),
  route('POST /projects/:project_id/catch-up', catchUp, {
    auth: 'required',
    summary:
      'Merge what came to the original into a branch of its fork; conflicts are listed, and settled by resolutions',
  }),
];
