import type { Route } from '../http/route.js';
import { accountRoutes } from './accounts.js';
import { mergeRequestRoutes } from './merge-requests.js';
import { projectRoutes } from './projects.js';
import { taskRoutes } from './tasks.js';
import { versionRoutes } from './versions.js';

/** Where the API begins. */
export const API = '/api/v1';

/** The whole API, by chapter: all that `/api/v1` answers, and nothing else. */
export const routeTable: Readonly<Record<string, readonly Route[]>> = {
  accounts: accountRoutes,
  projects: projectRoutes,
  versions: versionRoutes,
  'merge requests': mergeRequestRoutes,
  tasks: taskRoutes,
};
