import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '#libs/errors/app-error';

/** A key with the name under which sealed things remember it. */
export interface SealingKey {
  readonly id: string;
  readonly key: Buffer;
}

const NONCE = 12;
const TAG = 16;

/**
 * Seals small secrets for the database: AES-256-GCM under the first key, opened under whichever key sealed them. The
 * place a secret belongs to (`webhooks.secret:<id>`) is sealed with it, so that it opens nowhere else.
 */
export class Keyring {
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor(private readonly inOrder: readonly [SealingKey, ...SealingKey[]]) {
    this.keys = new Map(inOrder.map(({ id, key }) => [id, key]));
  }

  /** Gives `v1.<key id>.<nonce, ciphertext and tag in base64url>`. */
  seal(secret: string, place: string): string {
    const [{ id, key }] = this.inOrder;
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(id, place));
    const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${id}.${sealed.toString('base64url')}`;
  }

  /** Gives the secret back; what was changed, moved from its place, or sealed under a key that is gone is `internal`. */
  open(sealed: string, place: string): string {
    const [version, id = '', text = ''] = sealed.split('.');
    const key = this.keys.get(id);
    const bytes = Buffer.from(text, 'base64url');
    if (version !== 'v1' || !key || bytes.length < NONCE + TAG)
      throw new AppError(
        'internal',
        `A secret of ${place} cannot be opened: its key ${JSON.stringify(id)} is not in SEALING_KEYS.`,
      );
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG });
    cipher.setAAD(bound(id, place)).setAuthTag(bytes.subarray(-TAG));
    try {
      return Buffer.concat([cipher.update(bytes.subarray(NONCE, -TAG)), cipher.final()]).toString('utf8');
    } catch (cause) {
      throw new AppError(
        'internal',
        `A secret of ${place} cannot be opened: it was changed, or its key is another one of the same name.`,
        undefined,
        { cause },
      );
    }
  }

  /** Whether it is sealed under the first key; what is not is to be sealed again before its key is taken away. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`v1.${this.inOrder[0].id}.`);
  }

  /** The same secret under the first key. */
  reseal(sealed: string, place: string): string {
    return this.isCurrent(sealed) ? sealed : this.seal(this.open(sealed, place), place);
  }
}

const bound = (id: string, place: string) => Buffer.from(JSON.stringify(['evidverse', 'v1', id, place]));
