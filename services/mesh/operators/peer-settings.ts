import { z } from 'zod';
import { keyOf } from './identity.js';

/** Another cluster that an operator has named: where it is, and by which key it is known. */
export interface PeerSetting {
  readonly name: string;
  readonly url: string;
  readonly publicKey: string;
}

const EXPECTED =
  'peers are expected as name=https://host#key, with spaces between them (the key: GET /v1/mesh/peers there)';
const SHAPE = /^([^\s=]{1,100})=(https?:\/\/[^\s#]+?)\/?#([\w-]{43})$/;

/** `MESH_PEERS`: the clusters whose claims are followed, as `name=url#key`, with spaces between them. */
export const peerSettings = z
  .string()
  .default('')
  .transform((text, context): PeerSetting[] =>
    text
      .split(/\s+/)
      .filter((part) => part !== '')
      .flatMap((part) => {
        const [, name, url, publicKey] = SHAPE.exec(part) ?? [];
        if (name !== undefined && url !== undefined && publicKey !== undefined && isKey(publicKey))
          return [{ name, url, publicKey }];
        context.addIssue({ code: 'custom', message: EXPECTED });
        return [];
      }),
  );

function isKey(text: string): boolean {
  try {
    keyOf(text);
    return true;
  } catch {
    return false;
  }
}
