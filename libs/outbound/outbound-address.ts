import { AppError } from '#libs/errors/app-error';
import type { AllowList } from './allow-list.js';
import { isPublicAddress } from './public-address.js';

/** Makes a URL of text that a user gave, if its form alone does not speak against asking it: http or https, no password in it, no address of our own network. */
export function outboundAddress(text: string, allowed: AllowList): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw refusedAddress(text, 'it is not an address; something like https://example.org/hook is expected');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refusedAddress(text, 'only http and https are asked');
  if (url.username !== '' || url.password !== '')
    throw refusedAddress(text, 'a user name or password in it is not used');
  const host = hostOf(url);
  if (isLiteral(url) && !isPublicAddress(host) && !allowed.hasHost(host, portOf(url)))
    throw refusedAddress(text, 'it leads into a private or reserved network');
  return url;
}

/** The host without the brackets of IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80);

/** Says that an address is not asked, and why; never what is behind it. */
export function refusedAddress(text: string, why: string): AppError {
  return new AppError('invalid', `The address ${JSON.stringify(text.slice(0, 200))} is refused: ${why}.`, {
    reason: 'outbound_refused',
  });
}

/** URL has already made four numbers of every spelling of an IPv4 address (0x7f.1, 2130706433). */
const isLiteral = ({ hostname }: URL): boolean => hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
