import { canonicalText } from '#libs/snapshot/canonical-text';
import { aliasOf } from '../compat/alias-objects.query.js';
import { spaceless } from '../works/name-keys.js';
import type { CatalogueWork } from '../works/catalogue-pages.query.js';

const KIND_RANK = ['main', 'official', 'synonym', 'short', 'release', 'user'];

interface Claim {
  text: string;
  root: string;
  /** Said by a source of ours, and not by another centre alone. */
  ours: number;
  known: number;
  rank: number;
  /** Two works of equal standing want the name: it leads to neither. */
  tied: boolean;
}

/** The keys of a name in the bare map of aliases: in small letters, and without spaces, so that simple readers find it at once. */
export const keysOfName = (name: string): string[] =>
  [...new Set([name.trim().toLowerCase(), spaceless(name)])].filter((key) => key !== '');

/**
 * Which work each name leads to: the best-known one that has it by the word of ours, else of others. Works have to come in the order
 * of their number; with `only`, no other keys are looked at.
 */
export class Claims {
  private readonly claims = new Map<string, Claim>();

  constructor(private readonly only?: ReadonlySet<string>) {}

  add(work: CatalogueWork): void {
    let text: string | undefined;
    const root = work.root_key ?? work.release_key;
    for (const { name, kind, source } of work.aliases)
      for (const key of keysOfName(name)) {
        if (this.only && !this.only.has(key)) continue;
        const mine = {
          text: (text ??= canonicalText(aliasOf(work))),
          root,
          ours: source.startsWith('node:') ? 0 : 1,
          known: work.popularity,
          rank: KIND_RANK.indexOf(kind) + (work.season ?? 0) * 10,
          tied: false,
        };
        const other = this.claims.get(key);
        const better = other === undefined ? 1 : compare(mine, other);
        if (better > 0) this.claims.set(key, mine);
        else if (better === 0 && other !== undefined && other.root !== root) other.tied = true;
      }
  }

  /** What is known of the work a key leads to; undefined when it leads to none. */
  of(key: string): { text: string; known: number } | undefined {
    const claim = this.claims.get(key);
    return claim && !claim.tied ? claim : undefined;
  }

  *[Symbol.iterator](): Generator<[key: string, claim: { text: string; known: number }]> {
    for (const [key, claim] of this.claims) if (!claim.tied) yield [key, claim];
  }
}

const compare = (mine: Claim, other: Claim): number =>
  mine.ours - other.ours || mine.known - other.known || (mine.root === other.root ? other.rank - mine.rank : 0);
