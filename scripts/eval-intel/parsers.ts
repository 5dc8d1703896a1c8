import { filenameParse } from '@ctrl/video-filename-parser';
import anitomy from 'anitomyscript';
import { guessit } from 'guessit-js';
import { parseReleaseName } from '#libs/release-name/parse-release-name';
import { readingOf, type Reading } from './profiles.js';

/** A parser under test, brought to the neutral reading; what it throws counts as a reading without any fact. */
export interface Parser {
  name: string;
  read: (name: string) => Reading | Promise<Reading>;
}

const list = (value: unknown): unknown[] =>
  value === undefined || value === null || value === '' ? [] : [value].flat();
const texts = (...values: unknown[]): string[] => values.flatMap(list).map(String);
const numbers = (value: unknown): number[] | undefined => {
  const all = list(value)
    .map(Number)
    .filter((one) => !Number.isNaN(one));
  return all.length === 0 ? undefined : all;
};
const number = (value: unknown): number | undefined => numbers(value)?.[0];

// anitomyscript's loader was made before Node had fetch and asks it for a file path; without fetch it reads the file.
const { fetch } = globalThis;
Reflect.deleteProperty(globalThis, 'fetch');
await anitomy('Title - 01');
globalThis.fetch = fetch;

function fromGuessit(name: string): Reading {
  const found = guessit(name) as Record<string, unknown>;
  return {
    titles: texts(found.title, found.alternative_title),
    year: number(found.year),
    seasons: numbers(found.season),
    episodes: numbers(found.episode),
    absolute: numbers(found.absolute_episode),
    part: number(found.part),
    resolution: texts(found.screen_size)[0],
    group: texts(found.release_group)[0],
  };
}

async function fromAnitomy(name: string): Promise<Reading> {
  const found = (await anitomy(name)) as unknown as Record<string, unknown>;
  const lines = /(\d{3,4})[pi]?$/.exec(texts(found.video_resolution)[0] ?? '')?.[1];
  return {
    titles: texts(found.anime_title),
    year: number(found.anime_year),
    seasons: numbers(found.anime_season),
    episodes: numbers(found.episode_number),
    absolute: numbers(found.episode_number_alt),
    resolution: lines === undefined ? undefined : `${lines}p`,
    group: texts(found.release_group)[0],
  };
}

function fromCtrl(name: string): Reading {
  const episodic = /s\d+|\de\d|\dx\d|episode|season/i.test(name);
  const found = filenameParse(name, episodic) as unknown as Record<string, unknown>;
  return {
    titles: texts(found.title),
    year: number(found.year),
    seasons: numbers(found.seasons),
    episodes: numbers(found.episodeNumbers),
    resolution: texts(found.resolution)[0]?.toLowerCase(),
    group: texts(found.group)[0],
  };
}

/** Ours, then the peers. */
export const PARSERS: readonly Parser[] = [
  { name: 'evidverse', read: (name) => readingOf(parseReleaseName(name)) },
  { name: 'guessit-js', read: fromGuessit },
  { name: 'anitomyscript', read: fromAnitomy },
  { name: 'video-filename-parser', read: fromCtrl },
];
