import { z } from 'zod';
import { Flag, JsonObject, list, text, whole } from './fields.js';

/** Everything crawling workers may ask of the mesh, and what it may hear of them. */

/** A worker's own name; an empty one is a name too. */
const NodeId = text({ max: 128 });

/** A job is known by a 32-bit number; a negative one is merely unknown. */
const JobId = whole({ min: -2_147_483_648, max: 2_147_483_647 });

const CAPABILITIES_MAX = 1024;
/** U+0000, or half a surrogate pair, as JSON text shows it. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** What a worker can do: any object, small enough to keep. */
const Capabilities = JsonObject.refine((value) => JSON.stringify(value).length <= CAPABILITIES_MAX, {
  error: `Object should have at most ${CAPABILITIES_MAX} characters as JSON text`,
  params: { reason: 'value_error' },
  abort: true,
}).refine((value) => !UNSTORABLE.test(JSON.stringify(value)), {
  error: 'Text may contain neither the character U+0000 nor half a surrogate pair',
  params: { reason: 'value_error' },
});

export const RegisterWorker = z.object({ node_id: NodeId, capabilities: Capabilities }).meta({ id: 'RegisterWorker' });
export type RegisterWorker = z.output<typeof RegisterWorker>;

/** A wish for work: no sites, or an empty list of them, means any site; a wish for more jobs than 100 is cut down. */
export const LeaseWish = z
  .object({
    node_id: NodeId,
    want_sites: list(text({ max: 200 }))
      .nullish()
      .default(null),
    max_jobs: whole({ min: 0, max: 100, clamp: true }).default(1),
  })
  .meta({ id: 'LeaseWish' });
export type LeaseWish = z.output<typeof LeaseWish>;

export const LeasedJob = z
  .object({ id: z.number().int(), site_id: z.string(), payload: JsonObject })
  .meta({ id: 'LeasedJob' });
export type LeasedJob = z.input<typeof LeasedJob>;

/** The jobs a worker now holds; none when there is nothing to do. */
export const Lease = z.object({ jobs: z.array(LeasedJob) }).meta({ id: 'Lease' });
export type Lease = z.input<typeof Lease>;

/** How a job ended; an absent, null or empty `new_cursor_value` leaves the site's cursor alone. */
export const FinishJob = z
  .object({
    job_id: JobId,
    node_id: NodeId,
    success: Flag,
    error_message: text().nullish().default(null),
    new_cursor_value: text({ max: 256 }).nullish().default(null),
  })
  .meta({ id: 'FinishJob' });
export type FinishJob = z.output<typeof FinishJob>;
