import { hkdfSync } from 'node:crypto';
import { z } from 'zod';
import type { AppMode, Config } from '#libs/config/read-config';
import { AppError } from '#libs/errors/app-error';
import { Keyring, type SealingKey } from './keyring.js';

const EXPECTED = 'name:key, name:key is expected, each key 32 bytes in base64 (openssl rand -base64 32)';

/** The keys that secrets in the database are sealed under: the first seals, all open. Local mode can do with SECRET_KEY alone. */
export const SealingConfig = (mode: AppMode) => {
  const keys = z.string('is required').transform((text, context): SealingKey[] => {
    const { keys, complaint } = readKeys(text);
    if (complaint !== undefined) context.addIssue({ code: 'custom', message: complaint });
    return keys;
  });
  return { SEALING_KEYS: mode === 'cloud' ? keys : keys.optional() };
};

/** The keyring of SEALING_KEYS; behind these, or alone where there are none, a key derived from SECRET_KEY. */
export function openKeyring(config: Partial<Config<typeof SealingConfig>> & { SECRET_KEY?: string }): Keyring {
  const given = config.SEALING_KEYS ?? [];
  const hasOwn = config.SECRET_KEY !== undefined && config.SECRET_KEY !== '' && given.every(({ id }) => id !== OWN);
  const [first, ...others] = hasOwn ? [...given, ownKey(config.SECRET_KEY!)] : given;
  if (first) return new Keyring([first, ...others]);
  throw new AppError('invalid', 'Secrets cannot be sealed: set SEALING_KEYS, or in local mode SECRET_KEY.');
}

const OWN = 'own';

const ownKey = (secretKey: string): SealingKey => ({
  id: OWN,
  key: Buffer.from(hkdfSync('sha256', secretKey, '', 'secrets at rest', 32)),
});

function readKeys(text: string): { keys: SealingKey[]; complaint?: string } {
  const keys = text
    .split(',')
    .flatMap((entry) => entry.trim() || [])
    .map((entry) => /^([\w-]{1,40}):([A-Za-z\d+/_-]{43}=?)$/.exec(entry))
    .map((match) => match && { id: match[1]!, key: Buffer.from(match[2]!, 'base64') });
  if (keys.length === 0 || keys.includes(null)) return { keys: [], complaint: EXPECTED };
  const known = keys.filter((key) => key !== null);
  if (new Set(known.map(({ id }) => id)).size < known.length)
    return { keys: [], complaint: 'two keys have the same name; a new key needs a new one' };
  if (known.some(({ key }) => new Set(key).size < 8))
    return { keys: [], complaint: 'a key is too easy to guess (openssl rand -base64 32)' };
  return { keys: known };
}
