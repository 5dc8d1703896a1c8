import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import type { Seals, SecretColumns } from '../nodes/seals.js';

const PLACE = 'mesh.identity.secret';
const PRIVATE = { format: 'der', type: 'pkcs8' } as const;

/** What a cluster signs with (Ed25519), and the text by which its peers know it. */
export interface Identity {
  readonly publicKey: string;
  sign(text: string): string;
}

/** The identity of this cluster, made once and kept sealed in its database. */
export async function identityOf(pool: Pool, seals: Seals): Promise<Identity> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await pool.query('insert into identity (sealed) values ($1) on conflict do nothing', [
    seals.seal(privateKey.export(PRIVATE), PLACE),
  ]);
  const { rows } = await pool.query<SecretColumns>('select secret, sealed from identity');
  const secret = seals.open(rows[0]!, PLACE);
  if (seals.isDue(rows[0]!))
    await pool.query('update identity set sealed = $1, secret = null where sealed is not distinct from $2', [
      seals.seal(secret, PLACE),
      rows[0]!.sealed,
    ]);
  const key = createPrivateKey({ key: secret, ...PRIVATE });
  return {
    publicKey: createPublicKey(key).export({ format: 'jwk' }).x as string,
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  };
}

/** Whether a text was signed by whoever has this public key. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  return verify(null, Buffer.from(text), keyOf(publicKey), Buffer.from(signature, 'base64url'));
}

/** Reads a public key (43 letters, base64url); throws when it is none. */
export const keyOf = (publicKey: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
