import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '#libs/errors/app-error';

/** What a link allows: one method on one key until it expires, with what else the query says. */
export interface FileLink {
  method: 'GET' | 'PUT';
  key: string;
  expiresAt: number;
  query: Readonly<Record<string, string>>;
}

/** Makes a link below `base` whose method, key, expiry and whole query are bound by a signature. */
export function signFileLink(base: string, { method, key, expiresAt, query }: FileLink, signingKey: Buffer): string {
  const search = new URLSearchParams({ ...query, expires: String(Math.floor(expiresAt / 1000)) });
  search.set('signature', signatureOf(method, key, search, signingKey));
  return `${base}/${key.split('/').map(encodeURIComponent).join('/')}?${search}`;
}

/** Gives what the query of a link allows, or refuses it as `unauthorized` when it was changed, is for another method, or is too late. */
export function checkFileLink(
  { method, key, search, now }: { method: 'GET' | 'PUT'; key: string; search: URLSearchParams; now: number },
  signingKey: Buffer,
): Record<string, string> {
  const given = Buffer.from(search.get('signature') ?? '');
  const right = Buffer.from(signatureOf(method, key, search, signingKey));
  if (given.length !== right.length || !timingSafeEqual(given, right))
    throw new AppError('unauthorized', 'The signature of this link does not fit. Ask for a new link.');
  if (Number(search.get('expires')) * 1000 <= now)
    throw new AppError('unauthorized', 'This link has expired. Ask for a new one.');
  return Object.fromEntries(search);
}

function signatureOf(method: string, key: string, search: URLSearchParams, signingKey: Buffer): string {
  const bound = new URLSearchParams([...search].filter(([name]) => name !== 'signature'));
  bound.sort();
  return createHmac('sha256', signingKey).update([method, key, bound].join('\n')).digest('base64url');
}
