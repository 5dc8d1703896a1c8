import { z } from 'zod';
import { ACCESS_SCOPES } from './caller.js';
import { operation } from './contract.js';
import { Instant, text, whole } from './fields.js';
import { AuditPage, AuditWish } from './projects-members.js';

/** Personal tokens: what programs of a person show instead of the password, for a time and within a scope. */

const Scope = z.enum(ACCESS_SCOPES);

/** What is told of a token; the token itself is shown once, when it is made. */
export const PersonalToken = z
  .object({
    id: z.string(),
    name: z.string(),
    scope: Scope,
    created_at: Instant,
    expires_at: Instant,
    /** To the minute, or so. */
    last_used_at: Instant.nullable(),
  })
  .meta({ id: 'PersonalToken' });
export type PersonalToken = z.input<typeof PersonalToken>;

export const createToken = operation(
  'projects.createToken',
  z.object({
    name: text({ min: 1, max: 100 }),
    scope: Scope.default('read'),
    expires_in_days: whole({ min: 1, max: 366 }).default(90),
    /** Wanted for the scope `admin`. */
    current_password: text({ max: 1024 }).optional(),
  }),
  PersonalToken,
);
export const listTokens = operation('projects.listTokens', z.object({}), z.array(PersonalToken));
export const revokeToken = operation(
  'projects.revokeToken',
  z.object({ token_id: z.string() }),
  z.object({ ok: z.boolean() }),
);

/** What was done to the caller's account: its password, its tokens, its role. */
export const listMyAudit = operation('projects.listMyAudit', z.object(AuditWish), AuditPage);
