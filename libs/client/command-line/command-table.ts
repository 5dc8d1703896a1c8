import type { AddCommand } from './command-line.js';
import { branch } from './commands/branch.js';
import { checkout } from './commands/checkout.js';
import { clone } from './commands/clone.js';
import { commit } from './commands/commit.js';
import { diff } from './commands/diff.js';
import { login } from './commands/login.js';
import { logout } from './commands/logout.js';
import { projects } from './commands/projects.js';
import { pull } from './commands/pull.js';
import { push } from './commands/push.js';
import { status } from './commands/status.js';
import { whoami } from './commands/whoami.js';

/** All commands, in the order in which help lists them, under their headings. */
export const COMMANDS: Readonly<Record<string, readonly AddCommand[]>> = {
  'Who you are': [login, logout, whoami],
  'Films and their versions': [projects, clone, status, diff, commit, push, pull, branch, checkout],
};
