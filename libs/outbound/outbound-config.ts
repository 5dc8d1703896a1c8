import { z } from 'zod';
import { readAllowList, type AllowList } from './allow-list.js';

/** Which places that are not public may be asked all the same; empty: none. */
export const OutboundConfig = () => ({
  OUTBOUND_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((text, context): AllowList => {
      const { list, complaints } = readAllowList(text);
      for (const message of complaints) context.addIssue({ code: 'custom', message });
      return list;
    }),
});
