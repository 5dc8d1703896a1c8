import { z } from 'zod';

/**
 * A domain that a site has in the internet, or `*.` and one below which it has any: no number of a machine, and no name that
 * everybody's own network gives to something else.
 */
export const SiteDomain = z
  .string()
  .max(253)
  .regex(
    /^(?!.*\.(?:arpa|home|internal|lan|local|localdomain|localhost)$)(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/,
    'A domain in the internet is meant, like site.example or *.site.example',
  );
