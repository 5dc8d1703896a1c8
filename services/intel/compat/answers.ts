import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AliasAnswer, AliasSearch, Candidate } from '#libs/contracts/intel';
import { aliasAnswer } from '#libs/titles/alias-answer';
import type { Match } from '#libs/titles/title-index';
import type { TitleReading } from '#libs/titles/read-title';
import { Titles } from '../titles/titles.js';
import type { WorkView } from '../works/work-views.query.js';
import { aliasOf, worksByKey } from './works-by-key.query.js';

const MOST_CHARACTERS = 4096;

/** What unchanged clients ask: which work is this, and what is called like this. */
@Injectable()
export class Answers {
  constructor(
    private readonly database: DataSource,
    private readonly titles: Titles,
  ) {}

  /** For each text the one work it surely means, else an empty object. */
  async resolve(texts: readonly string[]): Promise<AliasAnswer[]> {
    const readings: TitleReading[] = [];
    for (const text of texts) {
      // Others are answered between two titles, however many one asks for.
      if (readings.length > 0) await new Promise((resolve) => setImmediate(resolve));
      readings.push(this.titles.read(text.slice(0, MOST_CHARACTERS)));
    }
    const works = await this.worksOf(readings.flatMap(({ match }) => match ?? []));
    return readings.map((reading) => {
      const work = reading.match && works.get(reading.match.release_key);
      return aliasAnswer(reading, work && aliasOf(work));
    });
  }

  async search(
    q: string,
    wish: { limit: number; cursor?: string; type?: string; year?: number },
  ): Promise<AliasSearch> {
    const from = wish.cursor === undefined ? 0 : Math.min(Number.parseInt(wish.cursor, 36) || 0, MOST_FOUND);
    if (q.trim() === '') return { query: q, results: [] };
    const hints = {
      ...(wish.type !== undefined && { type: wish.type }),
      ...(wish.year !== undefined && { year: wish.year }),
    };
    const found = this.titles
      .search(q.slice(0, MOST_CHARACTERS), MOST_FOUND, hints)
      .filter(
        ({ type, year }) =>
          (wish.type === undefined || type === wish.type) && (wish.year === undefined || year === wish.year),
      );
    const page = found.slice(from, from + wish.limit);
    const works = await this.worksOf(page);
    const results = page.flatMap(({ release_key, probability, matched_by }) => {
      const work = works.get(release_key);
      return work ? [{ ...aliasOf(work), confidence: probability, matched_by }] : [];
    });
    const next = from + wish.limit;
    return { query: q, results, ...(next < found.length && { next_cursor: next.toString(36) }) };
  }

  async explain(q: string) {
    const { parsed, candidates } = this.titles.read(q.slice(0, MOST_CHARACTERS), 10);
    const works = await this.worksOf(candidates);
    const shown = candidates.flatMap((match): Candidate[] => {
      const work = works.get(match.release_key);
      if (!work) return [];
      return [
        {
          work: aliasOf(work),
          score: match.root_probability,
          confidence: match.probability,
          reasons: match.reasons.map(({ code, value }) => `${code} ${value}`),
          recognised: work.aliases.find(({ name }) => name === match.alias) ?? null,
        },
      ];
    });
    return {
      query: q,
      reading: parsed as unknown as Record<string, unknown>,
      answer: (await this.resolve([q]))[0]!,
      candidates: shown,
    };
  }

  private async worksOf(matches: readonly Match[]): Promise<Map<string, WorkView>> {
    if (matches.length === 0) return new Map();
    return worksByKey(
      this.database.manager,
      matches.map(({ release_key }) => release_key),
    );
  }
}

const MOST_FOUND = 200;
