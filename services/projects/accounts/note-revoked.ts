import type { EntityManager } from 'typeorm';
import { audit } from '../audit/audit.js';

/** Writes into the log of an account that one of its personal tokens was ended. */
export const noteRevoked = (
  manager: EntityManager,
  userId: string,
  subject: { token_id: string; name: string },
): Promise<void> => audit(manager, { actor_id: userId, user_id: userId, action: 'projects.tokenRevoked', subject });
