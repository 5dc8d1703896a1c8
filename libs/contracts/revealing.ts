const KEYS = String.raw`passkey|authkey|torrent_?id|rsskey|download\.php|magnet:|\b[0-9a-f]{32,40}\b`;
const REVEALING = new RegExp(String.raw`cookie|\bhttps?:\/\/|${KEYS}`, 'i');
/** There are films about cookies, and one whose title is an address: only values of cookies, pages of sites and who signs in there say too much. */
const COOKIE = String.raw`cookies?["']?\s*(?:=|:\s*[^\s=;:]+=)`;
const PAGE = String.raw`\bhttps?:\/\/[^\s/?#@]+[/?#@]\S`;
const REVEALING_TITLE = new RegExp(`${COOKIE}|${PAGE}|${KEYS}`, 'i');

/** Whether a text looks as if it held an address, a key of anybody, or the number of a torrent: what nobody is to be told. */
export const isRevealing = (value: string): boolean => REVEALING.test(value);

/** The same of what should be the name of a work. */
export const isRevealingTitle = (value: string): boolean => REVEALING_TITLE.test(value);
