import type { AppError } from '#libs/errors/app-error';
import { namesIn } from './template.js';

const QUERY = new Set(
  `Type Q Series Ep Season Movie Year Limit Offset Extended Categories APIKey TVDBID TVRageID IMDBID IMDBIDShort TMDBID TVMazeID
   TraktID DoubanID Album Artist Label Track Genre Episode Author Title Publisher Keywords IsBookSearch IsDoubanQuery IsGenreQuery
   IsIdSearch IsImdbQuery IsMovieSearch IsMusicSearch IsRssSearch IsSearch IsTVRageQuery IsTVSearch IsTmdbQuery IsTraktQuery
   IsTvdbQuery IsTvmazeQuery`.split(/\s+/),
);
const OTHERS = new Set(['.Keywords', '.Categories', '.True', '.False', '.Today.Year', '.Config.sitelink']);

interface Named {
  settings?: readonly { name: string }[] | undefined;
  parse?: Record<string, { fields: Record<string, unknown> } | undefined> | undefined;
}

/** Where templates of rules name what nobody will be able to give, or cannot be read at all. */
export function unknownNames(rules: Named): { path: (string | number)[]; message: string }[] {
  const settings = new Set((rules.settings ?? []).map(({ name }) => name));
  const fields = new Set(Object.values(rules.parse ?? {}).flatMap((page) => Object.keys(page?.fields ?? {})));
  const isKnown = (name: string): boolean => {
    const [, first, rest] = /^\.(Query|Config|Result|DownloadUri)\.(.+)$/.exec(name) ?? [];
    if (OTHERS.has(name)) return true;
    if (first === 'Query') return QUERY.has(rest!);
    if (first === 'Config') return settings.has(rest!);
    return first === 'Result' ? fields.has(rest!) : first === 'DownloadUri';
  };
  const problems: { path: (string | number)[]; message: string }[] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (typeof value === 'string') {
      if (!value.includes('{{')) return;
      try {
        const unknown = namesIn(value).find((name) => !isKnown(name));
        if (unknown !== undefined) problems.push({ path, message: `${unknown} is not known in these rules` });
      } catch (error) {
        problems.push({ path, message: (error as AppError).message });
      }
    } else if (Array.isArray(value)) value.forEach((one, at) => walk(one, [...path, at]));
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
  };
  for (const [key, part] of Object.entries(rules))
    if (!['notes', 'settings', 'name', 'source'].includes(key)) walk(part, [key]);
  return problems;
}
