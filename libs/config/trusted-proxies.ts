import { isIP } from 'node:net';
import { z } from 'zod';

/** `TRUSTED_PROXIES`: whose X-Forwarded-For is believed, a list of addresses and networks. */
export const trustedProxies = (usual = '') =>
  z
    .string()
    .default(usual)
    .transform((text, context): readonly string[] => {
      const proxies = text.split(',').flatMap((entry) => entry.trim() || []);
      for (const proxy of proxies.filter((entry) => !isNetwork(entry)))
        context.addIssue({
          code: 'custom',
          message: `${proxy} is not an address; a list as 10.0.0.0/8,192.168.1.7 is expected`,
        });
      return proxies;
    });

/** An address, a network as 10.0.0.0/8, or one of the names that cover the private ones. */
function isNetwork(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true;
  const [address = '', prefix] = entry.split('/', 2);
  const family = isIP(address);
  if (family === 0 || entry.split('/').length > 2) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}
