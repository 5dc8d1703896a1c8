import { describe, expect, test } from '@jest/globals';
import type { WorkRow } from './rows.js';
import { seasonsOf } from './seasons-of.js';

const work = (title: string, facts: Partial<WorkRow> = {}): WorkRow => ({
  release_key: title,
  root: 'show',
  aliases: [{ title }],
  ...facts,
});

describe('Which season a work is', () => {
  test('what is known stands above what its names say', () => {
    expect(seasonsOf([work('Show 3rd Season', { season: 2 })])).toEqual([2]);
    expect(seasonsOf([work('Show 3rd Season')])).toEqual([3]);
  });

  test('the earliest of a show whose later seasons are known is the first', () => {
    const show = [work('Show 2nd Season', { year: 2020 }), work('Show', { year: 2018 })];
    expect(seasonsOf(show)).toEqual([2, 1]);
  });

  test('a film, an extra or a work of an unknown year makes no first season', () => {
    const later = work('Show 2nd Season', { year: 2020 });
    expect(seasonsOf([later, work('Show the Beginning', { year: 2017, type: 'movie' })])).toEqual([2, 0]);
    expect(seasonsOf([later, work('Show Extra', { year: 2017, season: 0 })])).toEqual([2, 0]);
    expect(seasonsOf([later, work('Show')])).toEqual([2, 0]);
    expect(seasonsOf([later, work('Show', { year: 2018 }), work('Show Side Story', { year: 2018 })])).toEqual([
      2, 0, 0,
    ]);
  });

  test('the second half of the first season is not the second, though some call it so', () => {
    const half = work('Show 2nd Season', { year: 2021 });
    const first = work('Show', { year: 2020 });
    expect(seasonsOf([first, half, work('Show II', { year: 2023, season: 2 })])).toEqual([1, 0, 2]);
    expect(seasonsOf([{ ...half, year: 2023 }, work('Show II', { year: 2023, season: 2 })])).toEqual([2, 2]);
  });

  test('a remake has seasons of its own, and those of the original stay what they are', () => {
    const original = [work('Show', { year: 2001 }), work('Show 2nd Season', { year: 2003 })];
    expect(seasonsOf([...original, work('Show Again', { year: 2023, season: 2 })])).toEqual([1, 2, 2]);
  });

  test('a show of one work, or of works without seasons, has no first season', () => {
    expect(seasonsOf([work('Show', { year: 2018 }), work('Show Again', { year: 2020 })])).toEqual([0, 0]);
    expect(seasonsOf([work('Show', { year: 2018, root: undefined })])).toEqual([0]);
  });
});
