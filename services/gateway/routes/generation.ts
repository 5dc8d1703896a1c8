import { generateCharacter, generateClip, generateSegment, generateStoryboard } from '#libs/contracts/tasks-generation';
import { route, type Route } from '../http/route.js';

/** What models make, or ffmpeg alone. */
export const generationRoutes: readonly Route[] = [
  route('POST /generate/character', generateCharacter, {
    auth: 'required',
    headers: { idempotency_key: 'idempotency-key' },
    summary: 'Make a picture of words',
  }),
  route('POST /generate/clip', generateClip, {
    auth: 'required',
    headers: { idempotency_key: 'idempotency-key' },
    summary: 'Make a clip of a topic',
  }),
  route('POST /generate/segment', generateSegment, {
    auth: 'required',
    headers: { idempotency_key: 'idempotency-key' },
    summary: 'Make a moving, narrated segment',
  }),
  route('POST /generate/storyboard', generateStoryboard, { auth: 'required', summary: 'Make a storyboard of a topic' }),
];
