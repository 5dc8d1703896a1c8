import { describe, expect, test } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';
import type { WorkRow } from './rows.js';

const work = (release_key: string, facts: Partial<WorkRow>, weight = 1): WorkRow => ({
  release_key,
  type: 'tv',
  aliases: [{ title: `${release_key} of the harbour` }, { title: 'Sea Song', weight }],
  ...facts,
});
const sure = (rows: WorkRow[], title: string) => openTitleIndex(buildTitleIndex(rows)).resolve(title);

describe('two works of one name', () => {
  test('neither is the answer where nothing tells them apart', () => {
    const { match, candidates } = sure([work('gull', {}), work('tern', {})], 'Sea Song');
    expect(match).toBeNull();
    expect(candidates.map(({ root_probability }) => root_probability)).toEqual([0.5, 0.5]);
  });

  test.each([
    ['by its year', [work('gull', { year: 2023 }), work('tern', { year: 2024 })], 'Sea Song (2024)'],
    ['by the season that is asked for', [work('gull', { season: 1 }), work('tern', { season: 2 })], 'Sea Song S02E03'],
    ['by the word that is trusted more', [work('gull', {}, 0.4), work('tern', {})], 'Sea Song'],
  ])('one is known %s', (_, rows, title) => {
    const { match, candidates } = sure(rows, title);
    expect(match?.release_key).toBe('tern');
    expect(candidates.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1);
  });
});
