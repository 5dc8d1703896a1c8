import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { keepOutput, linkAsset, listAssets, updateAsset } from '#libs/contracts/media-assets';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { safeFileName } from '../domain/file-name.js';
import { OUTPUTS } from '../domain/object-names.js';
import { isUuid } from '../domain/uuid.js';
import { Rights, signedIn } from '../rights.js';
import { FinishUpload } from '../uploads/finish-upload.js';
import { Uploads } from '../uploads/uploads.js';
import type { AssetEntity } from '../media.entities.js';
import { assetRows, type AssetRow } from './asset-rows.js';
import { AssetView } from './asset-view.js';
import { Showing } from './showing.js';

const LINK_SECONDS = 3600;
type Asset = OutputOf<typeof updateAsset>;

/** Assets: names for content, with owner, licence and origin. */
@Injectable()
export class Assets {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly rights: Rights,
    private readonly view: AssetView,
    private readonly showing: Showing,
    private readonly uploads: Uploads,
    private readonly finishing: FinishUpload,
  ) {}

  async get(caller: Caller, assetId: string): Promise<Asset> {
    return this.shown(caller, await this.readable(caller, assetId));
  }

  /** Those of a project for its people, or the caller's own; newest first. */
  async list(caller: Caller, wish: InputOf<typeof listAssets>): Promise<OutputOf<typeof listAssets>> {
    const owner_id = signedIn(caller);
    const whose =
      wish.project_id === undefined ? owner_id : await this.rights.inProject(caller, wish.project_id, 'readMedia');
    const rows = await assetRows(
      this.database.manager,
      `a.${wish.project_id === undefined ? 'owner_id' : 'project_id'} = $1
         and ($2::text is null or a.commit_id = $2)
         and ($3::text is null or a.content_type like $3 || '/%' or ($3 = 'other' and a.content_type !~ '^(video|audio|image)/'))
         and ($4::uuid is null or a.seq < (select seq from assets where id = $4))
       order by a.seq desc limit $5`,
      [whose, wish.commit_id ?? null, wish.kind ?? null, isUuid(wish.after ?? '') ? wish.after : null, wish.limit + 1],
    );
    const items = rows.slice(0, wish.limit);
    return {
      items: items.map((row) => this.shown(caller, row)),
      next: rows.length > wish.limit ? items.at(-1)!.id : null,
    };
  }

  /** Changes the name, the licence, or whether the world may look. */
  async update(caller: Caller, { asset_id, name, licence, is_public }: InputOf<typeof updateAsset>): Promise<Asset> {
    const asset = await this.readable(caller, asset_id);
    await this.rights.requireManage(caller, asset);
    await this.database.transaction(async (manager) => {
      await manager.query(
        'update assets set name = coalesce($2, name), licence = coalesce($3, licence) where id = $1',
        [asset.id, name == null ? null : safeFileName(name), licence ?? null],
      );
      if (is_public != null) await this.showing.change(manager, [asset.id], is_public);
    });
    await this.showing.carryOut();
    return this.get(caller, asset_id);
  }

  /** The same for many assets at once: those that the caller may change are opened or closed. */
  async show(caller: Caller, assetIds: string[], isPublic: boolean): Promise<number> {
    const rows = await assetRows(this.database.manager, 'a.id = any($1)', [assetIds.filter(isUuid)]);
    for (const row of rows) await this.rights.requireManage(caller, row);
    const changed = await this.database.transaction((manager) =>
      this.showing.change(
        manager,
        rows.map(({ id }) => id),
        isPublic,
      ),
    );
    await this.showing.carryOut();
    return changed;
  }

  /** Puts an asset aside; old links stop at once, the bytes go when nothing that is kept needs them. */
  async delete(caller: Caller, assetId: string): Promise<void> {
    const asset = await this.readable(caller, assetId);
    await this.rights.requireManage(caller, asset);
    await this.database.transaction(async (manager) => {
      await this.showing.change(manager, [asset.id], false);
      await manager.query('update assets set deleted_at = now() where id = $1 and deleted_at is null', [asset.id]);
    });
    await this.showing.carryOut();
  }

  /** Brings back an asset that was put aside and is still kept, for whoever may change it. */
  async restore(caller: Caller, assetId: string): Promise<Asset> {
    const aside = 'id = $1 and deleted_at is not null';
    const [asset] = isUuid(assetId)
      ? await this.database.query<AssetEntity[]>(`select * from assets where ${aside}`, [assetId])
      : [];
    if (!asset || !(await this.rights.mayManage(caller, asset)))
      throw new AppError('not_found', 'There is no such asset of yours that was put aside.');
    await this.database.query(`update assets set deleted_at = null where ${aside}`, [assetId]);
    return this.get(caller, assetId);
  }

  /** An address of the object store for one look. */
  async link(caller: Caller, { asset_id, download }: InputOf<typeof linkAsset>): Promise<OutputOf<typeof linkAsset>> {
    const asset = await this.readable(caller, asset_id);
    return { ...(await this.addressOf(asset, download)), is_public: asset.is_public };
  }

  /** Under which key of the store the bytes of an asset are that the caller may read. */
  async locate(caller: Caller, assetId: string): Promise<{ asset: Asset; key: string }> {
    const row = await this.readable(caller, assetId);
    if (row.state === 'processing')
      throw new AppError('unavailable', `The bytes of ${row.name} have not all been read yet. Try again in a moment.`);
    if (row.blob_key === null) throw new AppError('invalid', `${row.name} could not be kept: ${row.problem ?? ''}`);
    return { asset: this.shown(caller, row), key: row.blob_key };
  }

  /** Keeps what another service has put below `tasks/` as an asset of the caller's. */
  async keep(caller: Caller, output: InputOf<typeof keepOutput>): Promise<Asset> {
    const owner_id = signedIn(caller);
    if (!output.key.startsWith(OUTPUTS))
      throw new AppError('invalid', `What is to be kept lies below ${OUTPUTS}, not at ${output.key}.`);
    const project_id =
      output.project_id === null ? null : await this.rights.inProject(caller, output.project_id, 'addMedia');
    const upload = await this.uploads.adopt(owner_id, { ...output, project_id });
    if (upload.state === 'open') await this.finishing.begin(upload);
    const [row] = await assetRows(this.database.manager, 'a.upload_id = $1 order by a.seq limit 1', [upload.id]);
    if (!row) throw new AppError('not_found', `What ${output.request_key} made was deleted.`);
    return this.shown(caller, row);
  }

  /** An asset that the caller may look at; anybody else's is answered as one there is not. */
  async readable(caller: Caller, assetId: string, manager: EntityManager = this.database.manager): Promise<AssetRow> {
    const [row] = isUuid(assetId) ? await assetRows(manager, 'a.id = $1', [assetId]) : [];
    if (!row || !(await this.rights.mayRead(caller, row))) throw new AppError('not_found', 'Asset not found');
    return row;
  }

  /** What is presigned for a look at an asset; until its bytes have been read, those that were sent. */
  async addressOf(row: AssetRow, download: boolean): Promise<{ url: string; expires_at: Date }> {
    const key = row.blob_key ?? row.quarantine_key;
    if (key === null) throw new AppError('not_found', `${row.name} could not be kept: ${row.problem ?? ''}`);
    const expires_at = new Date(Date.now() + LINK_SECONDS * 1000);
    const url = await this.store.presignGet(key, {
      expiresSeconds: LINK_SECONDS,
      contentType: row.blob_key === null ? 'application/octet-stream' : row.content_type,
      ...(download && { filename: row.name }),
    });
    return { url, expires_at };
  }

  /** Who can look only because the world may is not given the link that people of the project have. */
  private shown(caller: Caller, row: AssetRow): Asset {
    const asset = this.view.asset(row);
    return row.is_public && row.owner_id !== caller.user_id ? { ...asset, url: asset.public_url! } : asset;
  }
}
