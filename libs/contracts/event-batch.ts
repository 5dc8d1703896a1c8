import { z } from 'zod';

/**
 * What happened after an event that the reader names, waited for at most 25 seconds when there is nothing yet: the
 * answer of every operation that is read as a stream. `after` names the last event looked at, also when none is told.
 */
export const EventBatch = z
  .object({
    events: z.array(z.object({ id: z.string(), event: z.string(), data: z.unknown() })),
    after: z.string().nullable(),
    /** Nothing will follow. */
    done: z.boolean().default(false),
  })
  .meta({ id: 'EventBatch' });
export type EventBatch = z.input<typeof EventBatch>;
