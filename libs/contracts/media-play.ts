import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, text } from './fields.js';
import { MediaFacts } from './media-assets.js';

/** How media are looked at: stills, waves, and films in several qualities. */

/**
 * Everything a player needs, at addresses that need no token and live for a while. What is null is not made yet, or there
 * is no such thing; `state` says whether more is to come.
 */
export const Playback = z
  .object({
    asset_id: z.string(),
    state: z.enum(['processing', 'ready', 'failed']),
    problem: z.string().nullable(),
    content_type: z.string(),
    facts: MediaFacts.nullable(),
    file_url: z.string(),
    poster_url: z.string().nullable(),
    sprite: z
      .object({
        url: z.string(),
        count: z.number(),
        columns: z.number(),
        rows: z.number(),
        frame_width: z.number(),
        frame_height: z.number(),
        seconds_per_frame: z.number(),
      })
      .nullable(),
    waveform: z.object({ url: z.string(), points_per_second: z.number(), count: z.number() }).nullable(),
    hls_url: z.string().nullable(),
    expires_at: Instant,
  })
  .meta({ id: 'Playback' });
export type Playback = z.input<typeof Playback>;

export const getPlayback = operation('media.getPlayback', z.object({ asset_id: Id }), Playback);

/** A playlist of a film: `master.m3u8`, or that of one quality with an address for each piece, signed for this request. */
export const readPlaylist = operation(
  'media.readPlaylist',
  z.object({ asset_id: Id, key: text({ max: 100 }), playlist: text({ max: 100 }) }),
  z.object({ text: z.string(), is_public: z.boolean() }),
);
