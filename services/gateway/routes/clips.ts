import { comicToVideo, getClip, listClips } from '#libs/contracts/tasks-clips';
import { route, type Route } from '../http/route.js';

/** Pieces of film that belong to a branch. */
export const clipRoutes: readonly Route[] = [
  route('POST /vn/comic-to-video', comicToVideo, {
    auth: 'required',
    headers: { idempotency_key: 'idempotency-key' },
    summary: 'Make a film of screenshots',
  }),
  route('GET /clips', listClips, {
    auth: 'required',
    query: ['project_id', 'branch_name', 'skip', 'limit'],
    summary: 'Clips, newest first',
  }),
  route('GET /clips/:clip_id', getClip, { auth: 'optional', summary: 'One clip' }),
];
