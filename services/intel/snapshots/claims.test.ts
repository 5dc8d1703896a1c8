import { expect, test } from '@jest/globals';
import type { CatalogueWork } from '../works/catalogue-pages.query.js';
import { Claims } from './claims.js';

const work = (
  release_key: string,
  { names, ...facts }: { names: string[] } & Partial<CatalogueWork>,
): CatalogueWork => ({
  id: 1,
  release_key,
  title: names[0]!,
  type: 'tv',
  year: null,
  season: null,
  root_key: null,
  popularity: 0,
  ids: {},
  merged_keys: [],
  ...facts,
  aliases: names.map((name) => ({ name, language: null, kind: 'main', licence: null, source: 'import', weight: 1 })),
});

function ledTo(works: readonly CatalogueWork[]): (typed: string) => string | undefined {
  const claims = new Claims();
  for (const one of works) claims.add(one);
  const map = new Map(
    [...claims].map(([key, { text }]) => [key, (JSON.parse(text) as { release_key: string }).release_key]),
  );
  // As VabHub's local service looks a title up: trimmed, in small letters, then without spaces.
  return (typed) => {
    const key = typed.trim().toLowerCase();
    return map.get(key) ?? [...map].find(([name]) => name.replaceAll(' ', '') === key.replaceAll(' ', ''))?.[1];
  };
}

test('a simple reader finds a name without its signs, in half width, and in the other Chinese script', () => {
  const of = ledTo([
    work('oshi', { names: ['【推しの子】', '我推的孩子'] }),
    work('gate', { names: ['Steins;Gate', '命运石之门'] }),
    work('titan', { names: ['进击的巨人 最终季', '進撃の巨人'] }),
  ]);
  expect(of('推しの子')).toBe('oshi');
  expect(of('SteinsGate')).toBe('gate');
  expect(of('Ｓｔｅｉｎｓ;Ｇａｔｅ'.normalize('NFKC'))).toBe('gate');
  expect(of('命運石之門')).toBe('gate');
  expect(of('進擊的巨人 最終季')).toBe('titan');
});

test('what somebody writes comes before what others are made to be, however well known they are', () => {
  const of = ledTo([work('on', { names: ['K-ON!'], popularity: 90 }), work('kon', { names: ['Kon'] })]);
  expect([of('kon'), of('K-ON!')]).toEqual(['kon', 'on']);
});

test('a form that two shows could have is nobody’s, in whatever order they and their sisters come', () => {
  const works = [
    work('yell', { names: ['ラッパ!'], popularity: 9 }),
    work('yell-2', { names: ['ラッパ!!'], root_key: 'other' }),
    work('yell-3', { names: ['ラッパ?'], root_key: 'yell', season: 0 }),
  ];
  for (const order of [works, works.toReversed(), [works[1]!, works[2]!, works[0]!]]) {
    const of = ledTo(order);
    expect([of('ラッパ'), of('ラッパ!'), of('ラッパ!!')]).toEqual([undefined, 'yell', 'yell-2']);
  }
});
