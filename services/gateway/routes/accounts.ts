import {
  administerUser,
  changePassword,
  endAllSessions,
  endSession,
  getMe,
  getUser,
  listUserProjects,
  login,
  refreshSession,
  registerUser,
  searchUsers,
  updateMe,
  type Session,
} from '#libs/contracts/projects';
import { AccessToken } from '../auth/tokens.js';
import { route, type AnswerContext, type Route } from '../http/route.js';

const signedIn = {
  respond: (session: Session, { tokens }: AnswerContext) => tokens.issue(session),
  answers: AccessToken,
};

/** After this, what is remembered of the caller's sessions is no longer true. */
const thenForgotten = {
  respond: (output: unknown, { caller, sessions }: AnswerContext) => {
    sessions.forget(caller.user_id);
    return output;
  },
};

/** Signing in and out, and people. */
export const accountRoutes: readonly Route[] = [
  route('POST /auth/register', registerUser, {
    auth: 'none',
    strict: { guessable: 'email' },
    summary: 'Create an account',
  }),
  route('POST /auth/login', login, {
    auth: 'none',
    strict: { guessable: 'username' },
    form: { fixed: { grant_type: 'password' } },
    summary: 'Sign in with e-mail and password',
    ...signedIn,
  }),
  route('POST /auth/refresh', refreshSession, {
    auth: 'none',
    strict: true,
    summary: 'Trade a refresh token for a new pair of tokens',
    ...signedIn,
  }),
  route('POST /auth/logout', endSession, { auth: 'required', summary: 'End this session', ...thenForgotten }),
  route('POST /auth/logout-all', endAllSessions, {
    auth: 'required',
    summary: 'End every session in which I signed in; personal tokens go on, and how many is told',
    ...thenForgotten,
  }),

  route('GET /users/me', getMe, { auth: 'required', summary: 'Who I am' }),
  route('PUT /users/me', updateMe, { auth: 'required', summary: 'Change my profile' }),
  route('PUT /users/me/password', changePassword, {
    auth: 'required',
    strict: true,
    summary: 'Change my password',
    ...thenForgotten,
  }),
  route('GET /users/search', searchUsers, {
    auth: 'optional',
    query: ['query', 'skip', 'limit'],
    summary: 'Find people',
  }),
  route('GET /users/:user_id', getUser, { auth: 'optional', summary: 'One person' }),
  route('GET /users/:user_id/projects', listUserProjects, {
    auth: 'optional',
    query: ['skip', 'limit'],
    summary: 'The public projects of one person, newest first',
  }),

  route('PATCH /admin/users/:user_id', administerUser, {
    auth: 'required',
    summary: 'Change the role of a person, or let them in no longer',
    respond: (user, { sessions }) => {
      sessions.forget(user.id);
      return user;
    },
  }),
];
