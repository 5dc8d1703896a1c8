/**
 * What in a text has the form of a secret, whatever it is called: a signed token, the cookies of a session, a key of 32, 40, 64 or
 * 128 hexadecimal digits. Undefined where there is nothing of the kind; a key that nobody would draw, as one of zeros, is none.
 */
export function secretShapeIn(text: string): string | undefined {
  if (text.length < SHORTEST) return undefined;
  if (TOKEN.test(text)) return 'a signed token';
  if (SESSION.test(text)) return 'the cookies of a session';
  return [...text.matchAll(HEX)].some(([key]) => isDrawn(key)) ? 'somebody’s key' : undefined;
}

/** The name of what a link or a form of a recorded page says of who saved it: its own key; undefined where there is none. */
export function ownKeyIn(page: string): string | undefined {
  for (const [, name, value] of page.matchAll(OWN_KEY)) if (isDrawn(value!)) return name;
  return TOKEN.test(page) ? 'a signed token' : undefined;
}

const SHORTEST = 20;
const TOKEN = /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;
const SESSION =
  /\b(?:c_secure_(?:uid|pass|login)|uid|pass|PHPSESSID|session(?:_?id)?|remember_\w+|cf_clearance)=[^;\s"{}]{6,}(?:;\s*\w+=|\s*$)/i;
const HEX = /(?<![\w/-])(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![\w-])/gi;
const OWN_KEY =
  /\b(passkey|pass_key|torrent_pass|auth_?key|rss_?key|api_?key|api_?token|downhash)["']?(?:\s*[=:]|\s[^<>]{0,200}?value\s*=)\s*["']?([\w-]{16,200})/gi;

/** Whether letters and digits stand together as when they are drawn by lot: of many kinds, and not words. */
const isDrawn = (key: string): boolean => new Set(key.toLowerCase()).size >= 8 && /\d/.test(key);
