import { z } from 'zod';
import { event } from './contract.js';

/** What may be heard of media. */

/** Links to assets of a project were closed and have successors: in each, `from` and `to` stand between `/media/` and the name. */
export const mediaLinksChanged = event(
  'media.linksChanged',
  z.object({ project_id: z.string(), links: z.array(z.object({ from: z.string(), to: z.string() })) }),
);
