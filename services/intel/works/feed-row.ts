import type { WorkView } from './work-views.query.js';

/** A work as the change feed, the snapshots and other centres have it; a tombstone has no names. */
export interface FeedRow {
  release_key: string;
  title: string;
  original_title: string | null;
  year: number | null;
  type: WorkView['type'];
  season: number | null;
  root_key: string | null;
  popularity: number;
  ids: Record<string, string[]>;
  aliases: {
    name: string;
    language: string | null;
    kind: WorkView['aliases'][number]['kind'];
    licence: string | null;
    source: string;
    weight: number;
  }[];
  merged_keys: string[];
  parts: string[];
}

export function feedRow(view: WorkView): FeedRow {
  const { release_key, title, original_title, year, type, season, root_key, popularity, ids, merged_keys, parts } =
    view;
  const aliases =
    view.retired === 'split'
      ? []
      : view.aliases.map(({ name, language, kind, licence, source, weight }) => ({
          name,
          language,
          kind,
          licence,
          source,
          weight,
        }));
  return {
    release_key,
    title,
    original_title,
    year,
    type,
    season,
    root_key,
    popularity,
    ids,
    aliases,
    merged_keys,
    parts,
  };
}

/** The part of a work that may be given to everybody: names whose licence forbids it are left out. */
export function publicPart(row: FeedRow): FeedRow {
  return { ...row, aliases: row.aliases.filter(({ licence }) => mayBePublic(licence)) };
}

/** Names without a licence were given by contributors for this use; others must allow copies and changes by anybody. */
export const mayBePublic = (licence: string | null) =>
  licence === null ||
  (/^(CC0|CC-BY|PDDL|ODbL|ODC-BY|MIT|Apache|BSD|public)/i.test(licence) && !/-(NC|ND)/i.test(licence));
