import ipaddr from 'ipaddr.js';

/** The part of IPv6 that is given out to the public; everything else of it leads somewhere special or nowhere. */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3');
/** Azure's metadata server has an address that looks like anybody's. */
const METADATA = new Set(['168.63.129.16']);

/**
 * Whether an IP address belongs to somebody out in the internet: not private, loopback, link-local, multicast, a cloud's
 * metadata server, or an IPv6 spelling of one of these (mapped, compatible, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (METADATA.has(address.toString()) || address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(PUBLIC_IPV6);
}
