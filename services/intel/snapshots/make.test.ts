import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { withReadings } from '#libs/japanese/with-readings';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import type { WorkRow } from '#libs/titles/rows';
import { MAKE } from './make.js';

const named = (release_key: string, facts: Partial<WorkRow>, ...titles: string[]): WorkRow => ({
  release_key,
  root: release_key.split('-')[0]!,
  aliases: titles.map((title) => ({ title, language: 'ja' })),
  ...facts,
});

/** Works that meet what readings, seasons and keys are made by. */
const WORKS = [
  named('castle-1', { year: 2001 }, '鉄城の物語', '獣王星'),
  named('castle-2', { year: 2003 }, '鉄城の物語 第2期', '血界の鎮魂曲（レクイエム）'),
  named('castle-r', { year: 2023, season: 2 }, 'Castle Again 2nd Season'),
  named('sea-1', { year: 2020 }, '海鷗之歌', 'Café Ｍöwe'),
  named('sea-2', { year: 2021 }, '海鷗之歌 第二季', '종이달'),
  named('sea-3', { year: 2023, season: 2 }, 'クロックワーク・プラネット II'),
];

test('other files of the same works have another make: who changes this hash raises MAKE, and writes down both', () => {
  const bytes = buildTitleIndex(WORKS.map(withReadings));
  expect({ MAKE, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16) }).toEqual({
    MAKE: '7.3.8',
    hash: 'c77ac988dae4b45c',
  });
});
