import { parsePreview } from '#libs/contracts/tasks-vn';
import { route, type Route } from '../http/route.js';

/** Scripts of visual novels. */
export const vnRoutes: readonly Route[] = [
  route('POST /vn/parse-preview', parsePreview, {
    auth: 'required',
    summary: 'Read the script of a visual novel: its events in order, and what could not be understood',
  }),
];
