import { parsePreview } from '#libs/contracts/tasks';
import { route, type Route } from '../http/route.js';

/** Work on scripts, pictures and films, and how it stands. */
export const taskRoutes: readonly Route[] = [
  route('POST /vn/parse-preview', parsePreview, {
    auth: 'required',
    summary: 'Read the script of a visual novel: its events in order, and what could not be understood',
  }),
];
