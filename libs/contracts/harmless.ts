import { text } from './fields.js';

/** No address, no key of anybody, no number of a torrent: what a text that workers send must not hold. */
const REVEALING = /passkey|authkey|torrent_?id|rsskey|cookie|download\.php|\bhttps?:\/\/|magnet:|\b[0-9a-f]{32,40}\b/i;

/** Whether a text looks as if it held an address, a key or a torrent. */
export const isRevealing = (value: string): boolean => REVEALING.test(value);

/** Text that is refused when it looks as if it held any of these; `error` says what it should be instead. */
export const harmless = (bounds: Parameters<typeof text>[0], error: string) =>
  text(bounds).refine((value) => !isRevealing(value), { error, params: { reason: 'value_error' } });

/** The value of a cursor: how far a crawl has come, in words of its own. */
export const cursorValue = (min: number) =>
  harmless({ min, max: 256 }, 'A cursor names pages, numbers or times, never addresses, keys or torrents');
