import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { CarriedMedia, describeLinks, holdMedia, lackMedia, wantMedia } from '#libs/contracts/media-carrying';
import { mediaLinksChanged } from '#libs/contracts/media-events';
import type { mediaCarried } from '#libs/contracts/projects-media';
import { AppError } from '#libs/errors/app-error';
import { tellAfterwards } from '#libs/outbox/outbox';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { ProjectMedia } from '../collection/project-media.js';
import type { BlobEntity } from '../media.entities.js';
import { Rights, signedIn } from '../rights.js';
import { readableHere } from '../uploads/instant.query.js';
import { Quota } from '../uploads/quota.js';
import { assetRows, insertAsset } from './asset-rows.js';
import { Links } from './links.js';

const LINK_SECONDS = 3600;

/** Media that go with projects from one installation to another: named, asked for and found again by their hash. */
@Injectable()
export class Carrying {
  constructor(
    private readonly database: DataSource,
    private readonly rights: Rights,
    private readonly links: Links,
    private readonly quota: Quota,
    private readonly uses: ProjectMedia,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** What stands behind links, for whoever has them: ours that hold, and those that were carried into this project. */
  async describe(wish: InputOf<typeof describeLinks>): Promise<OutputOf<typeof describeLinks>> {
    const items: CarriedMedia[] = [];
    for (const link of wish.links) {
      const row = await this.links.inProject(wish.project_id, link.asset_id, link.key);
      if (row?.blob_sha256 == null) continue;
      const { blob_sha256: sha256, size, content_type, name } = row;
      items.push({ ...link, sha256, size: Number(size), content_type, name });
    }
    return { items };
  }

  async hold(caller: Caller, { project_id, hashes }: InputOf<typeof holdMedia>): Promise<OutputOf<typeof holdMedia>> {
    const blobs = await this.readable(caller, project_id, hashes);
    return { items: blobs.map(({ sha256, size, key }) => ({ sha256, size: Number(size), key })) };
  }

  async want(caller: Caller, { project_id, hashes }: InputOf<typeof wantMedia>): Promise<OutputOf<typeof wantMedia>> {
    const items = (await this.readable(caller, project_id, hashes)).map(async ({ sha256, size, key }) => ({
      sha256,
      size: Number(size),
      url: await this.store.presignGet(key, { expiresSeconds: LINK_SECONDS, contentType: 'application/octet-stream' }),
    }));
    return { items: await Promise.all(items) };
  }

  async lacking(projectId: string): Promise<OutputOf<typeof lackMedia>> {
    const rows = await this.database.query<(Omit<CarriedMedia, 'asset_id' | 'key' | 'size'> & Origin)[]>(
      `select * from carried_links c where project_id = $1 and not exists (select from assets a
         where a.project_id = c.project_id and a.blob_sha256 = c.sha256 and a.deleted_at is null)
       order by created_at limit 500`,
      [projectId],
    );
    return {
      items: rows.map(({ origin_asset_id, link_key, size, sha256, content_type, name }) => ({
        asset_id: origin_asset_id,
        key: link_key,
        size: Number(size),
        sha256,
        content_type,
        name,
      })),
    };
  }

  /**
   * Notes which content the links stand for, and gives the project an asset of each that its bringer can read here. Who was
   * first to say what a link stands for is believed, as far as this project goes. Safe to hear again.
   */
  async carried({ project_id, owner_id, media }: z.output<typeof mediaCarried.payload>): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`carried media ${project_id}`]);
      await manager.query(
        `insert into carried_links (project_id, origin_asset_id, link_key, sha256, size, content_type, name)
         select $1::uuid, * from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])
         on conflict do nothing`,
        [
          project_id,
          media.map(({ asset_id }) => asset_id),
          media.map(({ key }) => key),
          media.map(({ sha256 }) => sha256),
          media.map(({ size }) => size),
          media.map(({ content_type }) => content_type),
          media.map(({ name }) => name),
        ],
      );
      const byHash = new Map(media.map((one) => [one.sha256, one]));
      const there = await assetRows(manager, 'a.project_id = $1 and a.blob_sha256 = any($2)', [
        project_id,
        [...byHash.keys()],
      ]);
      for (const { blob_sha256 } of there) byHash.delete(blob_sha256!);
      const [taken] = await manager.query<[{ blob_sha256: string }[], number]>(
        `update assets set project_id = $1, provenance = null where id in (
           select distinct on (blob_sha256) id from assets
           where owner_id = $2 and project_id is null and deleted_at is null and blob_sha256 = any($3)
             and provenance @> '{"carried": true}' order by blob_sha256, seq)
         returning blob_sha256`,
        [project_id, owner_id, [...byHash.keys()]],
      );
      for (const { blob_sha256 } of taken) byHash.delete(blob_sha256);
      const known = await readableHere(manager, { owner_id, project_id, hashes: [...byHash.keys()] });
      for (const [sha256, { size, content_type }] of known) {
        const bytes = Number(size);
        if (!(await this.hasRoom(() => this.quota.requireRoom(manager, owner_id, bytes)))) continue;
        const { name } = byHash.get(sha256)!;
        const asset = { owner_id, project_id, upload_id: null, blob_sha256: sha256, name, content_type, size: bytes };
        await insertAsset(manager, asset);
      }
      await renewDisputed(manager, media);
    });
    await this.uses.noteProject(project_id);
  }

  private async readable(caller: Caller, projectId: string | null, hashes: string[]): Promise<BlobEntity[]> {
    const project_id = projectId === null ? null : await this.rights.readingFrom(caller, projectId);
    const found = await readableHere(this.database.manager, { owner_id: signedIn(caller), project_id, hashes });
    return [...found.values()];
  }

  private async hasRoom(require: () => Promise<void>): Promise<boolean> {
    try {
      await require();
      return true;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'invalid') return false;
      throw thrown;
    }
  }
}

/**
 * Of links that projects say different things of, each project's saved work goes over to links of its own: there it shows
 * what came with it, without saying whose it means.
 */
async function renewDisputed(manager: EntityManager, media: readonly CarriedMedia[]): Promise<void> {
  const disputed = await manager.query<{ project_id: string; from: string; to: string }[]>(
    `select c.project_id, c.origin_asset_id || '/' || c.link_key as "from", own.id || '/' || own.link_key as "to"
     from unnest($1::uuid[], $2::text[]) as l (origin_asset_id, link_key) join carried_links c using (origin_asset_id, link_key)
     join lateral (select a.id, a.link_key from assets a
       where a.project_id = c.project_id and a.blob_sha256 = c.sha256 and a.deleted_at is null order by a.seq limit 1) own on true
     where exists (select from carried_links o where o.origin_asset_id = c.origin_asset_id and o.link_key = c.link_key
         and o.sha256 <> c.sha256)
       and not exists (select from assets a where a.id = c.origin_asset_id)`,
    [media.map(({ asset_id }) => asset_id), media.map(({ key }) => key)],
  );
  for (const [project_id, links] of Map.groupBy(disputed, (one) => one.project_id))
    await tellAfterwards(manager, mediaLinksChanged, {
      project_id,
      links: links.map(({ from, to }) => ({ from, to })),
    });
}

interface Origin {
  origin_asset_id: string;
  link_key: string;
  size: string;
}
