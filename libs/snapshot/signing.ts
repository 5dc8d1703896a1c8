import { base64url, canonicalText, fromBase64url, hex, utf8 } from './canonical-text.js';
import type { RoleName, Root, Signature, Signed } from './documents.js';

/** The id of a key: the beginning of the SHA-256 of its raw public half. */
export async function keyId(publicKey: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', fromBase64url(publicKey));
  return hex(new Uint8Array(digest)).slice(0, 16);
}

/** A pair of Ed25519: the public half raw, the private one as PKCS #8, both in base64url. */
export interface SigningKey {
  id: string;
  public_key: string;
  private_key: string;
}

type Key = Parameters<typeof crypto.subtle.exportKey>[1];

export async function generateKey(): Promise<SigningKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as unknown as Record<
    'publicKey' | 'privateKey',
    Key
  >;
  const public_key = base64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const private_key = base64url(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)));
  return { id: await keyId(public_key), public_key, private_key };
}

/** Signs the canonical text of a document with each key. */
export async function sign<T>(
  document: T,
  keys: readonly Pick<SigningKey, 'id' | 'private_key'>[],
): Promise<Signed<T>> {
  const text = utf8(canonicalText(document));
  const signatures = await Promise.all(
    keys.map(async ({ id, private_key }) => {
      const key = await crypto.subtle.importKey('pkcs8', fromBase64url(private_key), 'Ed25519', false, ['sign']);
      return { key: id, sig: base64url(new Uint8Array(await crypto.subtle.sign('Ed25519', key, text))) };
    }),
  );
  return { signed: document, signatures };
}

/** Whether enough different keys of the role have signed the document. */
export async function isSignedBy(
  root: Root,
  role: RoleName,
  document: unknown,
  signatures: readonly Signature[],
): Promise<boolean> {
  const { keys, threshold } = root.roles[role];
  const text = utf8(canonicalText(document));
  const good = new Set<string>();
  for (const { key, sig } of signatures) {
    const publicKey = root.keys[key];
    if (publicKey === undefined || !keys.includes(key) || good.has(publicKey)) continue;
    if (await verify(publicKey, sig, text)) good.add(publicKey);
  }
  return good.size >= threshold;
}

/** Whether the key signed the text; what is no key or no signature did not. */
export async function verify(publicKey: string, sig: string, text: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', fromBase64url(publicKey), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, fromBase64url(sig), text);
  } catch {
    return false;
  }
}
