import { ROLES, type Root } from './documents.js';

const ROOT_YEARS = 5;

/** The root after `root`, good for five years from `now`: with these roles, and of all keys those alone that they name. */
export function nextRoot(
  root: Root | undefined,
  roles: Root['roles'],
  keys: readonly { id: string; public_key: string }[],
  now = new Date(),
): Root {
  const all: Record<string, string> = { ...root?.keys };
  for (const { id, public_key } of keys) all[id] = public_key;
  const named = new Set(ROLES.flatMap((role) => roles[role].keys));
  const expires = new Date(now);
  expires.setUTCFullYear(expires.getUTCFullYear() + ROOT_YEARS);
  return {
    type: 'root',
    version: (root?.version ?? 0) + 1,
    expires: expires.toISOString(),
    keys: Object.fromEntries(Object.entries(all).filter(([id]) => named.has(id))),
    roles,
  };
}
