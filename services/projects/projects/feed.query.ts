import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { FeedItem } from '#libs/contracts/projects';
import { containing } from '../domain/like-pattern.js';
import { isPartOfUuid } from '../domain/uuid.js';
import { projectViews } from './project-views.query.js';

export interface FeedWish {
  skip: number;
  limit: number;
  query?: string;
  tag?: string;
  sort: string;
}

/** Public projects: newest first, or with `hot` the most liked first; found by part of the name or of the id, and by tag. */
export function feedQuery(manager: EntityManager, caller: Caller, wish: FeedWish): Promise<FeedItem[]> {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value) + 1}`;
  const conditions = ['p.is_public'];
  const query = wish.query?.trim() ?? '';
  if (query !== '') {
    const byId = isPartOfUuid(query) ? ` or p.id::text like ${parameter(containing(query.toLowerCase()))}` : '';
    // The pairs of characters find the few names that the pattern is then held against.
    const byName = `search_grams(p.name) @> search_grams(${parameter(query)}::text) and p.name ilike ${parameter(containing(query))} escape '\\'`;
    conditions.push(`(${byName}${byId})`);
  }
  const tag = wish.tag?.trim() ?? '';
  if (tag !== '') conditions.push(`p.tags @> array[${parameter(tag)}]::text[]`);
  const order =
    wish.sort === 'hot' ? 'p.likes_count desc, p.created_at desc, p.seq desc' : 'p.created_at desc, p.seq desc';
  return projectViews(manager, caller, {
    where: conditions.join(' and '),
    order: `order by ${order} offset ${parameter(wish.skip)} limit ${parameter(wish.limit)}`,
    values,
  });
}
