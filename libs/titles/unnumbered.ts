import type { Evidence } from './evidence.js';
import { F } from './features.js';
import type { Query } from './query.js';

/**
 * A name that several works of a family have is that of the one which goes by no season or part, when none is asked for: SPY x FAMILY is
 * SPY×FAMILY, and not its second half, which is listed under the very letters. Signs that only one of the names has, as in K-ON!!, do
 * tell the works apart.
 */
export function preferUnnumbered(family: readonly Evidence[], { qualifier }: Query): void {
  if (qualifier.season > 1 || qualifier.part > 1) return;
  const named = family.filter(({ features }) => features[F.exact] === 1);
  const first = named.filter((one) => !isNumbered(one));
  if (first.length === 0 || first.length === named.length) return;
  for (const later of named.filter(isNumbered)) {
    const alike = first.filter((one) => signsOf(one) === signsOf(later));
    if (alike.length === 0) continue;
    for (const { features } of alike)
      features[F.verbatim] = Math.max(features[F.verbatim]!, later.features[F.verbatim]!);
    later.features[F.verbatim] = 0;
  }
}

/** Whether the name a work goes by says that it is a later season or part. */
function isNumbered({ segment, work }: Evidence): boolean {
  const { season, part } = segment.qualifierOf(segment.aliasesOf(work)[0]);
  return season > 1 || part > 1;
}

/** What stands in a name beside letters and numbers; the cross of a title is spoken as its letter. */
const signsOf = ({ segment, alias }: Evidence): string =>
  segment
    .title(alias)
    .normalize('NFKC')
    .replace(/[\p{L}\p{N}\s×]/gu, '');
