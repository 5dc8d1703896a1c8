import { canonicalText } from '#libs/snapshot/canonical-text';
import { aliasOf } from '../compat/works-by-key.query.js';
import type { CatalogueWork } from '../works/catalogue-pages.query.js';
import { keysOfName } from './keys-of-name.js';

const KIND_RANK = ['main', 'official', 'synonym', 'short', 'release', 'user'];

interface Claim {
  text: string;
  root: string;
  /** Whether somebody writes the name so, and it is not only another form of it. */
  written: boolean;
  /** Said by a source of ours, and not by another centre alone. */
  ours: number;
  known: number;
  rank: number;
  /** Two works of equal standing want the name: it leads to neither. */
  tied: boolean;
}

/**
 * Which work each name leads to: the best-known one that has it by the word of ours, else of others; and each form of a name that nobody
 * has written down, where works of one root alone have it. Works have to come in the order of their number; with `only`, no other keys
 * are looked at.
 */
export class Claims {
  private readonly claims = new Map<string, Claim>();

  constructor(private readonly only?: ReadonlySet<string>) {}

  add(work: CatalogueWork): void {
    let text: string | undefined;
    const root = work.root_key ?? work.release_key;
    for (const { name, kind, source } of work.aliases) {
      const { written, derived } = keysOfName(name);
      for (const key of [...written, ...derived]) {
        if (this.only && !this.only.has(key)) continue;
        this.claim(key, {
          text: (text ??= canonicalText(aliasOf(work))),
          root,
          written: written.includes(key),
          ours: source.startsWith('node:') ? 0 : 1,
          known: work.popularity,
          rank: KIND_RANK.indexOf(kind) + (work.season ?? 0) * 10,
          tied: false,
        });
      }
    }
  }

  private claim(key: string, mine: Claim): void {
    const other = this.claims.get(key);
    const better = other === undefined ? 1 : standing(mine, other);
    if (better > 0) this.claims.set(key, mine);
    if (better !== 0 || other === undefined) return;
    const tied = other.tied || other.root !== mine.root;
    if (mine.root === other.root && mine.rank < other.rank) this.claims.set(key, { ...mine, tied });
    else other.tied = tied;
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

/** Who comes first: what is written before what is derived, then our word, then what is better known; of two derived ones, neither. */
const standing = (mine: Claim, other: Claim): number =>
  Number(mine.written) - Number(other.written) ||
  (mine.written ? mine.ours - other.ours || mine.known - other.known : 0);
