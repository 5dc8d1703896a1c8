import { TitleIndexBuilder } from '#libs/titles/build-title-index';
import { worksOf } from '../works/catalogue-pages.query.js';
import { mayBePublic } from '../works/feed-row.js';
import { TitleRows } from './title-row.js';

export interface MadeIndex {
  bytes: Uint8Array;
  works: number;
}

/** Makes a title index of a catalogue that comes page by page; when it is for everybody, of names that may leave the house. */
export class IndexMaker {
  private readonly titleRows = new TitleRows();
  private readonly builder = new TitleIndexBuilder();
  private works = 0;

  constructor(private readonly publicOnly = false) {}

  take(page: string): void {
    for (const { aliases, ...work } of worksOf(page)) {
      const names = this.publicOnly ? aliases.filter(({ licence }) => mayBePublic(licence)) : aliases;
      const row = this.titleRows.of({ ...work, aliases: names });
      if (!row) continue;
      this.builder.add(row);
      this.works++;
    }
  }

  made(): MadeIndex {
    return { bytes: this.builder.build(), works: this.works };
  }
}
