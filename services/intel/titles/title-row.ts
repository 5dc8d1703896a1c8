import { withReadings } from '#libs/japanese/with-readings';
import type { AliasRow, WorkRow } from '#libs/titles/rows';
import type { CatalogueWork } from '../works/catalogue-pages.query.js';

/** An index knows 255 languages at most; what comes after these is kept without its language. */
const MOST_LANGUAGES = 200;

/** What of a work makes its row. */
export interface Titled extends Pick<
  CatalogueWork,
  'release_key' | 'root_key' | 'type' | 'year' | 'season' | 'popularity'
> {
  aliases: Pick<CatalogueWork['aliases'][number], 'name' | 'language' | 'kind' | 'weight'>[];
}

/** Turns works into rows of a title index, with the readings of their Japanese names, one after the other; those without names make none. */
export class TitleRows {
  private readonly languages = new Set<string>();

  of(work: Titled): WorkRow | undefined {
    if (work.aliases.length === 0) return undefined;
    return withReadings({
      release_key: work.release_key,
      root: work.root_key ?? undefined,
      type: work.type,
      year: work.year ?? undefined,
      season: work.season ?? undefined,
      popularity: Math.min(1, Math.log10(1 + work.popularity) / 4),
      aliases: work.aliases.map(({ name, language, kind, weight }) => ({
        title: name,
        language: this.language(language),
        kind: kind === 'release' ? 'release_group' : kind,
        weight: Math.min(1, weight),
      })),
    });
  }

  private language(tag: string | null): AliasRow['language'] {
    if (tag === null || (!this.languages.has(tag) && this.languages.size >= MOST_LANGUAGES)) return undefined;
    this.languages.add(tag);
    return tag;
  }
}
