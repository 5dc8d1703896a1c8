import { createRequire } from 'node:module';
import type { WorkLine } from '#libs/contracts/intel-works';

interface Item {
  title: string;
  titleTranslate: Record<string, string[]>;
  type: 'movie' | 'tv' | 'ova' | 'web';
  lang: string;
  begin: string;
  sites: { site: string; id?: string }[];
}

export const BANGUMI_DATA = { source: 'bangumi-data', licence: 'CC-BY-4.0' } as const;

/** The works of the package bangumi-data (https://github.com/bangumi-data/bangumi-data, CC BY 4.0), as lines of an import. */
export function bangumiWorks(): WorkLine[] {
  // The package is one CommonJS JSON file of 11 MB, which a plain import would parse when the service starts.
  const { items } = createRequire(import.meta.url)('bangumi-data') as { items: Item[] };
  const taken = new Set<string>();
  return items.map((item) => workLine(item, taken));
}

function workLine(item: Item, taken: Set<string>): WorkLine {
  const ids: Record<string, string[]> = {};
  let root: string | undefined;
  let season: number | undefined;
  for (const { site, id = '' } of item.sites) {
    if (site === 'tmdb') {
      const [, space, number, part] = /^(movie|tv)\/(\d+)(?:\/season\/(\d+))?/.exec(id) ?? [];
      if (number === undefined) continue;
      (ids[`tmdb_${space}`] ??= []).push(number);
      root ??= `tmdb_${space}:${number}`;
      if (part !== undefined) season ??= Number(part);
    } else if (site in PROVIDERS && id !== '') (ids[PROVIDERS[site]!] ??= []).push(id);
  }
  const bangumi = ids.bangumi?.[0];
  let source_ref = bangumi ?? `${item.title}@${item.begin.slice(0, 10)}`;
  while (taken.has(source_ref)) source_ref += `@${item.begin.slice(0, 10)}`;
  taken.add(source_ref);
  const licence = BANGUMI_DATA.licence;
  const name = (text: string, language: string) => ({
    name: text,
    language,
    kind: 'official' as const,
    licence,
    weight: 1,
  });
  const year = Number(item.begin.slice(0, 4));
  return {
    title: item.title,
    year: year >= 1850 ? year : null,
    type: item.type === 'movie' ? 'movie' : 'anime',
    season,
    root_key: root ?? (bangumi === undefined ? null : `bangumi:${bangumi}`),
    popularity: 0,
    ids,
    aliases: [
      name(item.title, item.lang),
      ...Object.entries(item.titleTranslate).flatMap(([language, titles]) =>
        titles.map((title) => name(title, language)),
      ),
    ].filter(({ name: text }) => text.trim() !== '' && text.length <= 500),
    source_ref,
  };
}

const PROVIDERS: Readonly<Record<string, string>> = {
  bangumi: 'bangumi',
  mal: 'mal',
  anidb: 'anidb',
  aniList: 'anilist',
};
