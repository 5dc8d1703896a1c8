import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret nobody can guess; it is stored only as its hash, which for 256 random bits needs no salt. */
export const newSecret = (prefix: string): string => `${prefix}_${randomBytes(32).toString('base64url')}`;

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Whether a secret has this hash, in time that tells nothing. */
export const hasHash = (secret: string, hash: Buffer | null): boolean => isHash(hashOf(secret), hash);

/** Whether two hashes are one, in time that tells nothing. */
export const isHash = (one: Buffer, other: Buffer | null): boolean => other !== null && timingSafeEqual(one, other);

/** What an access token says: which node, which issue of its tokens, until when (ms). */
export interface TokenClaims {
  readonly n: number;
  readonly e: number;
  readonly x: number;
}

export function writeAccessToken(claims: TokenClaims, key: Buffer): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `mesh.${body}.${sign(body, key).toString('base64url')}`;
}

/** The claims of a token that one of the keys signed; undefined for anything else. Whether it has run out is another question. */
export function readAccessToken(token: string, keys: readonly Buffer[]): TokenClaims | undefined {
  const [, body, mac] = /^mesh\.([\w-]{1,300})\.([\w-]{43})$/.exec(token) ?? [];
  if (body === undefined || mac === undefined) return undefined;
  const given = Buffer.from(mac, 'base64url');
  if (!keys.some((key) => timingSafeEqual(sign(body, key), given))) return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as TokenClaims;
}

const sign = (body: string, key: Buffer): Buffer => createHmac('sha256', key).update(`node.${body}`).digest();
