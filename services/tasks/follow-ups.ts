import { clipFollows } from './clips/clips.js';
import type { FollowUps } from './engine/settle.js';
import { jobsFollowRender, publishFollows } from './publish/start-publishing.js';
import { renderFollows } from './render/renders.js';
import { parseFollows } from './vn/parse-follows.js';

/** What follows in the same transaction when a task changes its state, by its kind. */
export const followUps: FollowUps = {
  'clip.comic': clipFollows,
  'vn.parse': parseFollows,
  publish: publishFollows,
  render: async (manager, task) => {
    await renderFollows(manager, task);
    await jobsFollowRender(manager, task);
  },
};
