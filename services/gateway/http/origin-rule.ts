import type { AppMode } from '#libs/config/read-config';

/** How a browser page of an origin may call: not at all, with its own token only, or with credentials too. */
export type OriginRule = 'refused' | 'token-only' | 'with-credentials';

const USUAL = ['http://localhost', 'http://127.0.0.1', 'http://localhost:3000', 'http://127.0.0.1:3000'];

/** Decides for the origin a browser sent; a page on someone's own machine may always come with its own token. */
export function originRule(origin: string | undefined, listed: readonly string[]): OriginRule {
  if (origin === undefined) return 'refused';
  if (origin !== 'null' && listed.includes(origin)) return 'with-credentials';
  return listed.includes('*') || listed.includes(origin) || isOwnMachine(origin) ? 'token-only' : 'refused';
}

/**
 * Whether pages of every origin may read it: in the cloud, what anybody is told of titles and sites, and the files of snapshots. A
 * page shows its own token or none there; a centre on a person's own machine is for that person's pages alone.
 */
export function isForEveryPage(mode: AppMode, method: string | undefined, path: string): boolean {
  return mode === 'cloud' && /^(GET|HEAD)$/.test(method ?? '') && /^\/(snap|v1)\//.test(path);
}

/**
 * Reads BACKEND_CORS_ORIGINS, a comma list or a JSON list; empty means the usual local front ends. In cloud mode
 * whatever would open the door to everyone, or to eavesdroppers, is a complaint.
 */
export function readOrigins(text: string, mode: AppMode): { origins: readonly string[]; complaints: string[] } {
  const entries = listIn(text);
  if (entries === undefined) return { origins: [], complaints: ['a comma list or a JSON list of origins is expected'] };
  if (entries.length === 0) return { origins: USUAL, complaints: [] };
  const origins = entries.map((entry) => entry.replace(/\/+$/, ''));
  return { origins, complaints: origins.flatMap((origin) => complaintAbout(origin, mode) ?? []) };
}

function listIn(text: string): string[] | undefined {
  if (!text.trim().startsWith('[')) return text.split(',').flatMap((entry) => entry.trim() || []);
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((entry) => typeof entry === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

function complaintAbout(origin: string, mode: AppMode): string | undefined {
  if (origin === '*' || origin === 'null')
    return mode === 'local' ? undefined : `${origin} would let every page in; name the origins of your front ends`;
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin)
    return `${origin} is not an origin; https://app.example.org is expected, without a path`;
  if (mode === 'cloud' && url.protocol !== 'https:' && !isOwnMachine(origin))
    return `${origin} is not encrypted; https is expected in cloud mode`;
  return undefined;
}

function isOwnMachine(origin: string): boolean {
  const url = URL.parse(origin);
  return url !== null && url.origin === origin && /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(origin);
}
