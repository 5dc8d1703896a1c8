import { text } from './fields.js';
import { isRevealing } from './revealing.js';

/** Text that is refused when it looks as if it held an address, a key or a torrent; `error` says what it should be instead. */
export const harmless = (
  bounds: Parameters<typeof text>[0],
  error: string,
  isHarmful: (value: string) => boolean = isRevealing,
) => text(bounds).refine((value) => !isHarmful(value), { error, params: { reason: 'value_error' } });

/** The value of a cursor: how far a crawl has come, in words of its own. */
export const cursorValue = (min: number) =>
  harmless({ min, max: 256 }, 'A cursor names pages, numbers or times, never addresses, keys or torrents');
