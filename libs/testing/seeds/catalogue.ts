import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '#libs/contracts/caller';
import { setContributor } from '#libs/contracts/intel-works';
import type { Broker } from '#libs/messaging/broker';

/** Somebody who administers the platform, and with it the catalogue. */
export const administrator = (): Caller => ({ user_id: randomUUID(), role: 'admin', session_id: null });

/** Somebody with a role in the catalogue. */
export async function keeper(broker: Broker, role: 'contributor' | 'publisher'): Promise<Caller> {
  const user_id = randomUUID();
  await broker.call(setContributor, { user_id, role }, administrator());
  return { user_id, role: 'user', session_id: null };
}

/** The settings of an intel service whose objects are in a folder of its own. */
export const ownFolder = () => ({
  DATA_DIR: mkdtempSync(join(tmpdir(), 'evidverse-intel-')),
  PUBLIC_URL: 'http://localhost:8000',
});

/** Three works: a film with names in three languages, and two seasons of one show. */
export const WORKS = [
  {
    title: 'Iron Man',
    year: 2008,
    type: 'movie' as const,
    popularity: 50,
    ids: { tmdb_movie: '1726', imdb: 'tt0371746' },
    aliases: [
      { name: '钢铁侠', language: 'zh-Hans', kind: 'official' as const, licence: 'CC0-1.0' },
      { name: '鋼鐵人', language: 'zh-Hant', kind: 'official' as const, licence: 'CC0-1.0' },
      { name: 'アイアンマン', language: 'ja', kind: 'official' as const, licence: 'CC0-1.0' },
    ],
    source_ref: 'iron-man',
  },
  ...[1, 2].map((season) => ({
    title: season === 1 ? '灯台の子' : `灯台の子 第${season}期`,
    year: 2020 + season,
    type: 'anime' as const,
    season,
    root_key: 'tmdb_tv:777',
    ids: { tmdb_tv: '777' },
    aliases: [
      {
        name: season === 1 ? 'Lighthouse Child' : `Lighthouse Child Season ${season}`,
        language: 'en',
        licence: 'CC0-1.0',
      },
      {
        name: season === 1 ? '灯塔之子' : `灯塔之子 第${season === 2 ? '二' : season}季`,
        language: 'zh-Hans',
        licence: 'CC0-1.0',
      },
    ],
    source_ref: `lighthouse-${season}`,
  })),
];
