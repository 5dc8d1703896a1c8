import { z } from 'zod';
import * as contract from '#libs/contracts/projects-tokens';
import { route, type Route } from '../http/route.js';

/** A new token with what is shown of it this once. */
const NewPersonalToken = contract.PersonalToken.extend({ token: z.string() }).meta({ id: 'NewPersonalToken' });

/** Personal tokens for programs, and what was done to one's account. */
export const tokenRoutes: readonly Route[] = [
  route('POST /users/me/tokens', contract.createToken, {
    auth: 'required',
    strict: true,
    status: 201,
    summary: 'Make a token for a program; it is shown this once',
    respond: (made, { caller, tokens }) => ({ ...made, token: tokens.issuePersonal(caller.user_id!, made) }),
    answers: NewPersonalToken,
  }),
  route('GET /users/me/tokens', contract.listTokens, {
    auth: 'required',
    summary: 'My tokens, when each ends and was used last',
  }),
  route('DELETE /users/me/tokens/:token_id', contract.revokeToken, {
    auth: 'required',
    summary: 'End a token at once',
    respond: (output, { caller, sessions }) => {
      sessions.forget(caller.user_id);
      return output;
    },
  }),
  route('GET /users/me/audit', contract.listMyAudit, {
    auth: 'required',
    query: ['action', 'actor_id', 'since', 'until', 'after', 'limit'],
    summary: 'What was done to my account, newest first',
  }),
];
