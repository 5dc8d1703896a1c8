import { AppError } from '#libs/errors/app-error';
import type { Keyring } from '#libs/sealing/keyring';

/** How a row holds a secret: sealed, or in clear where it was written before secrets were sealed. */
export interface SecretColumns {
  readonly secret: Buffer | null;
  readonly sealed: string | null;
}

/** Secrets of the mesh itself, sealed for the row they lie in. */
export class Seals {
  constructor(private readonly keyring: Keyring) {}

  seal(secret: Buffer, place: string): string {
    return this.keyring.seal(secret.toString('base64'), place);
  }

  /** The secret of a row; refuses with what to do where no key of SEALING_KEYS opens it. */
  open({ secret, sealed }: SecretColumns, place: string): Buffer {
    if (sealed === null) return secret!;
    try {
      return Buffer.from(this.keyring.open(sealed, place), 'base64');
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause);
      throw new AppError(
        'invalid',
        `${what} Give SEALING_KEYS (in local mode SECRET_KEY) the key it was sealed under, behind the newest one; if that is lost, docs/operate/backup-and-restore.md says how the mesh goes on without.`,
        undefined,
        { cause },
      );
    }
  }

  /** Whether a row is to be sealed, or sealed again under the newest key. */
  isDue({ secret, sealed }: SecretColumns): boolean {
    return secret !== null || (sealed !== null && !this.keyring.isCurrent(sealed));
  }
}
