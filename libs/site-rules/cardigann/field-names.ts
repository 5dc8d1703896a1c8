import type { Field } from '../rule-field.js';

/** What a field of a definition is called in rules, and as what it is read; others are there for these only. */
const KNOWN: Readonly<Record<string, readonly [string, Field['transform']?]>> = {
  title: ['title_raw'], description: ['description'], infohash: ['info_hash'], magnet: ['magnet_link', 'url'],
  download: ['download_link', 'url'], details: ['details_link', 'url'], comments: ['comments_link', 'url'], poster: ['poster', 'url'],
  size: ['size_bytes', 'size'], date: ['upload_time', 'date'], seeders: ['seeders', 'int'], leechers: ['leechers', 'int'],
  grabs: ['completed', 'int'], files: ['files', 'int'], category: ['category', 'category'], categorydesc: ['category_name', 'category_label'],
  downloadvolumefactor: ['download_factor', 'float'], uploadvolumefactor: ['upload_factor', 'float'],
  minimumratio: ['minimum_ratio', 'float'], minimumseedtime: ['minimum_seed_seconds', 'int'],
  imdb: ['imdb_id', 'int'], imdbid: ['imdb_id', 'int'], tmdbid: ['tmdb_id', 'int'], tvdbid: ['tvdb_id', 'int'], rageid: ['tvrage_id', 'int'],
  tvmazeid: ['tvmaze_id', 'int'], traktid: ['trakt_id', 'int'], doubanid: ['douban_id', 'int'], genre: ['genre', 'words'], year: ['year', 'int'],
  author: ['author'], booktitle: ['book_title'], publisher: ['publisher'], album: ['album'], artist: ['artist'], label: ['label'], track: ['track'],
}; // prettier-ignore

export const fieldName = (name: string): string =>
  Object.hasOwn(KNOWN, name) ? KNOWN[name]![0] : `_${name.replace(/^_/, '')}`;

export const transformOf = (name: string): Field['transform'] =>
  Object.hasOwn(KNOWN, name) ? KNOWN[name]![1] : undefined;

/** Fields without which a row still is one. */
export const MAY_MISS: ReadonlySet<string> = new Set(
  'imdb imdbid tmdbid rageid tvdbid tvmazeid traktid doubanid poster genre description category categorydesc date'.split(
    ' ',
  ),
);
