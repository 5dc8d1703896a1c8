import { z } from 'zod';
import { InstantWithOffset, whole } from './fields.js';

export const LogEntry = z
  .object({
    ts: InstantWithOffset,
    level: z.enum(['info', 'error']),
    event: z.string(),
    message: z.string(),
    data: z.unknown().optional(),
  })
  .meta({ id: 'LogEntry' });
export type LogEntry = z.input<typeof LogEntry>;

/** A stretch of a log; `offset` and `limit` are those that were used, which may be less than those asked for. */
export const LogPage = z
  .object({
    items: z.array(LogEntry),
    total: z.number().int(),
    offset: z.number().int(),
    limit: z.number().int(),
  })
  .meta({ id: 'LogPage' });
export type LogPage = z.input<typeof LogPage>;

/** Which stretch is asked for; what is out of range is cut to what there is. */
export const LogWindow = {
  offset: whole({ min: -1_000_000_000, max: 1_000_000_000, clamp: true }).default(0),
  limit: whole({ min: -1_000_000_000, max: 500, clamp: true }).default(200),
};
