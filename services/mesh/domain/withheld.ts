import { isRevealing } from '#libs/contracts/revealing';

const WITHHELD = '[withheld]';
const COOKIES = /cookie.*/gi;
const KEYS = /(?:passkey|authkey|rsskey|torrent_?id)[\s"'=:]*\S*/gi;
const PLAIN_WORD = /^[a-z_-]*$/i;

/** A text of a worker without what it must not tell: addresses, keys and torrents go word by word, cookies with their line. */
export const withheld = (value: string): string =>
  value
    .replaceAll(COOKIES, WITHHELD)
    .replaceAll(KEYS, WITHHELD)
    .replaceAll(/\S+/g, (word) => (isRevealing(word) ? WITHHELD : word));

/** The beginning of such a text, of at most so many characters; it ends with a whole word, since half a key looks like none. */
export function excerpt(value: string, most: number): string {
  if (value.length <= most) return withheld(value).slice(0, most);
  const end = value.slice(0, most).search(/\s\S*$/);
  return withheld(value.slice(0, Math.max(0, end))).slice(0, most) || WITHHELD;
}

/** The same in all that an object holds; one word alone, as the name of something a worker can do, gives nothing away. */
export function withheldIn<Value>(value: Value): Value {
  if (typeof value === 'string') return nameOr(value) as Value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withheldIn) as Value;
  const entries = Object.entries(value).map(([name, item]: [string, unknown]) => [
    nameOr(name),
    isRevealing(name) && typeof item !== 'boolean' ? WITHHELD : withheldIn(item),
  ]);
  return Object.fromEntries(entries) as Value;
}

const nameOr = (value: string): string => (PLAIN_WORD.test(value) ? value : withheld(value));
