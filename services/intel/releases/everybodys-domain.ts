import { getPublicSuffix } from 'tldts';

/**
 * Whether anybody may have a name directly below a domain (`co.uk`, `github.io`: the public suffix list), so that nobody has all
 * that is below it.
 */
export function isEverybodys(domain: string): boolean {
  const bare = domain.replace(/^\*\./, '');
  return getPublicSuffix(bare, { allowPrivateDomains: true }) === bare;
}
