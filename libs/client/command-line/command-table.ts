import type { AddCommand } from './command-line.js';
import { blame } from './commands/blame.js';
import { branch } from './commands/branch.js';
import { checkout } from './commands/checkout.js';
import { clone } from './commands/clone.js';
import { commit } from './commands/commit.js';
import { diff } from './commands/diff.js';
import { fetchFiles } from './commands/fetch.js';
import { catchUp, fork } from './commands/forks.js';
import { invite, join } from './commands/invitations.js';
import { keys } from './commands/keys.js';
import { log } from './commands/log.js';
import { login } from './commands/login.js';
import { logout } from './commands/logout.js';
import { merge } from './commands/merge.js';
import { mergeRequests } from './commands/merge-requests.js';
import { projects } from './commands/projects.js';
import { pull } from './commands/pull.js';
import { push } from './commands/push.js';
import { cherryPick, revert } from './commands/redo.js';
import { render } from './commands/render.js';
import { rules } from './commands/rules.js';
import { snapshot } from './commands/snapshot.js';
import { status } from './commands/status.js';
import { release, tag } from './commands/tags.js';
import { tasks } from './commands/tasks.js';
import { timeline } from './commands/timeline.js';
import { parse, recommend, resolve, search, sites } from './commands/titles.js';
import { token } from './commands/tokens.js';
import { upload } from './commands/upload.js';
import { whoami } from './commands/whoami.js';
import { worker } from './commands/worker.js';

/** All commands, in the order in which help lists them, under their headings. */
export const COMMANDS: Readonly<Record<string, readonly AddCommand[]>> = {
  'Who you are': [login, logout, whoami, token],
  'Films and their versions': [
    projects,
    clone,
    status,
    log,
    diff,
    commit,
    push,
    pull,
    branch,
    checkout,
    merge,
    mergeRequests,
    revert,
    cherryPick,
    blame,
    tag,
    release,
    timeline,
    fork,
    catchUp,
    invite,
    join,
  ],
  'Media and what is made of them': [upload, render, tasks],
  'What titles mean': [resolve, search, parse, sites, recommend, snapshot, fetchFiles, rules, keys],
  'The mesh': [worker],
};
