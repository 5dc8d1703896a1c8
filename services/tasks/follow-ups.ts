import type { FollowUps } from './engine/settle.js';

/** What follows in the same transaction when a task changes its state, by its kind. */
export const followUps: FollowUps = {};
