import type { Chapter } from '../http/route.js';
import { accountRoutes } from './accounts.js';
import { bundleRoutes } from './bundles.js';
import { forkRoutes } from './forks.js';
import { historyRoutes } from './history.js';
import { intelClientRoutes } from './intel-clients.js';
import { intelRoutes } from './intel.js';
import { mediaRoutes } from './media.js';
import { memberRoutes } from './members.js';
import { mergeRequestRoutes } from './merge-requests.js';
import { meshRoutes } from './mesh.js';
import { snapshotRoutes } from './snapshots.js';
import { projectRoutes } from './projects.js';
import { remoteRoutes } from './remotes.js';
import { reviewRoutes } from './reviews.js';
import { taskRoutes } from './tasks.js';
import { versionRoutes } from './versions.js';
import { clipRoutes } from './clips.js';
import { generationRoutes } from './generation.js';
import { publishRoutes } from './publish.js';
import { renderRoutes } from './renders.js';
import { vnRoutes } from './vn.js';
import { tokenRoutes } from './tokens.js';
import { webhookRoutes } from './webhooks.js';

/** Where the creators' half of the API begins; what self-hosted clients call begins at the root. */
export const API = '/api/v1';

/** Where the paths of workers and of the mesh begin, as VabHub's nodes know them. */
const NODES = '/v1';

/** The whole HTTP surface, by chapter: all that is answered, and nothing else. */
export const chapters: readonly Chapter[] = [
  { name: 'accounts', prefix: API, routes: accountRoutes },
  { name: 'personal tokens', prefix: API, routes: tokenRoutes },
  { name: 'projects', prefix: API, routes: projectRoutes },
  { name: 'members and teams', prefix: API, routes: memberRoutes },
  { name: 'webhooks', prefix: API, routes: webhookRoutes },
  { name: 'bundles', prefix: API, routes: bundleRoutes },
  { name: 'cloud', prefix: API, routes: remoteRoutes },
  { name: 'versions', prefix: API, routes: versionRoutes },
  { name: 'history', prefix: API, routes: historyRoutes },
  { name: 'forks', prefix: API, routes: forkRoutes },
  { name: 'merge requests', prefix: API, routes: mergeRequestRoutes },
  { name: 'reviews', prefix: API, routes: reviewRoutes },
  { name: 'media', prefix: API, routes: mediaRoutes },
  { name: 'tasks', prefix: API, routes: taskRoutes },
  { name: 'generation', prefix: API, routes: generationRoutes },
  { name: 'clips', prefix: API, routes: clipRoutes },
  { name: 'renders', prefix: API, routes: renderRoutes },
  { name: 'publishing', prefix: API, routes: publishRoutes },
  { name: 'visual novels', prefix: API, routes: vnRoutes },
  { name: 'intel', prefix: '', routes: intelRoutes },
  { name: 'intel clients', prefix: '', routes: intelClientRoutes },
  { name: 'snapshots', prefix: '', routes: snapshotRoutes },
  { name: 'mesh', prefix: NODES, routes: meshRoutes },
];
