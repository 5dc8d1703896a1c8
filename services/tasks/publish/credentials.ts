import { AppError } from '#libs/errors/app-error';
import type { Outbound } from '#libs/outbound/outbound';
import type { Platform } from '#libs/contracts/tasks-publish';

export type Credential = Record<string, unknown>;

/** The credential that a text holds; what is no JSON is refused. */
export function readCredential(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('invalid', 'Invalid credential_json', undefined, { cause });
  }
}

/** What is wrong with a credential by its looks, or null; no platform is asked. */
export function troubleWith(platform: Platform, credential: unknown, outbound: Outbound): string | null {
  const parts = asObject(credential);
  switch (platform) {
    case 'douyin':
    case 'site':
      return null;
    case 'bilibili': {
      if (!parts) return 'Invalid bilibili credential format';
      const cookies = cookiesOf(parts);
      const missing = COOKIES.filter((name) => typeof cookies[name] !== 'string' || cookies[name].trim() === '');
      return missing.length === 0 ? null : `Missing bilibili cookie fields: ${missing.join(', ')}`;
    }
    case 'webhook': {
      if (typeof parts?.url !== 'string') return 'A webhook needs the address to call as "url".';
      if (typeof parts.secret !== 'string' || parts.secret.length < 16)
        return 'A webhook needs a "secret" of at least 16 characters, which signs every call.';
      try {
        outbound.check(parts.url);
        return null;
      } catch (thrown) {
        return AppError.from(thrown).message;
      }
    }
  }
}

const COOKIES = ['SESSDATA', 'bili_jct', 'DedeUserID'];

function cookiesOf(parts: Credential): Credential {
  return asObject(parts.cookies) ?? asObject(asObject(parts.user)?.cookies) ?? parts;
}

const asObject = (value: unknown): Credential | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Credential) : undefined;

const MASK = '***';

/** The text without any of the secrets of a credential, however deep they lie in it. */
export function withoutSecrets(text: string, credential: unknown): string {
  return secretsIn(credential).reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
}

function secretsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 6 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value)
    .flatMap(secretsIn)
    .toSorted((a, b) => b.length - a.length);
}
