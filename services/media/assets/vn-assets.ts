import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { createVnAsset, listVnAssets, VNAsset } from '#libs/contracts/media';
import { AppError } from '#libs/errors/app-error';
import type { UploadEntity } from '../media.entities.js';
import { Rights, signedIn } from '../rights.js';
import { FinishUpload } from '../uploads/finish-upload.js';
import { assetRows, claimBlob, insertAsset, type AssetRow } from './asset-rows.js';
import { AssetView } from './asset-view.js';

/** The scripts and pictures of visual novels, as older clients add and list them. */
@Injectable()
export class VnAssets {
  constructor(
    private readonly database: DataSource,
    private readonly rights: Rights,
    private readonly finishing: FinishUpload,
    private readonly view: AssetView,
  ) {}

  /** Makes an asset of what the caller sent to a link of ours; objects of others are answered as if they were not there. */
  async create(caller: Caller, wish: InputOf<typeof createVnAsset>): Promise<VNAsset> {
    const owner_id = signedIn(caller);
    const name = wish.object_name.trim().replace(/^\//, '');
    const branch_name = wish.branch_name?.trim() || null;
    const project_id = await this.rights.inProject(caller, wish.project_id, 'addMedia', branch_name);
    if (name === '') throw new AppError('invalid', 'object_name is required');
    const [upload] = await this.database.query<UploadEntity[]>(
      'select * from uploads where object_name = $1 and owner_id = $2',
      [name, owner_id],
    );
    if (!upload) throw new AppError('not_found', `There is no upload ${name} of yours. Ask for a new one.`);
    const { type: vn_type, metadata } = wish;
    const asset = { project_id, branch_name, vn_type, metadata };
    if (upload.state === 'open') await this.finishing.begin(upload, asset);
    else await this.again(upload, asset);
    const [row] = await assetRows(
      this.database.manager,
      `a.upload_id = $1 and a.project_id = $2 and a.vn_type = $3 order by a.seq desc limit 1`,
      [upload.id, project_id, vn_type],
    );
    if (!row) throw new AppError('conflict', 'The same upload is being made an asset elsewhere. Try again.');
    return this.shown(row);
  }

  /** The caller's own, newest first. */
  async list(caller: Caller, wish: InputOf<typeof listVnAssets>): Promise<VNAsset[]> {
    const owner_id = signedIn(caller);
    const { project_id, branch_name, type } = wish;
    const project =
      project_id === undefined ? null : await this.rights.inProject(caller, project_id, 'readWorkspace', branch_name);
    const branch = project === null ? null : (branch_name ?? null);
    const rows = await assetRows(
      this.database.manager,
      `a.owner_id = $1 and a.vn_type is not null and a.state <> 'failed' and ($2::uuid is null or a.project_id = $2)
         and ($3::text is null or a.branch_name = $3) and ($4::text is null or a.vn_type = $4)
       order by a.seq desc offset $5 limit $6`,
      [owner_id, project, branch, type ?? null, wish.skip, wish.limit],
    );
    return rows.map((row) => this.view.vnAsset(row));
  }

  private shown(row: AssetRow): VNAsset {
    if (row.state === 'failed')
      throw new AppError('invalid', `${row.name} cannot be kept. ${row.problem ?? ''}`.trim());
    return this.view.vnAsset(row);
  }

  /** One upload may become several assets, which share its content. */
  private async again(upload: UploadEntity, asset: Parameters<FinishUpload['begin']>[1]): Promise<void> {
    if (upload.state === 'failed' || upload.state === 'aborted')
      throw new AppError('invalid', `${upload.filename} cannot be kept. ${upload.problem ?? 'It was given up.'}`);
    await this.database.transaction(async (manager) => {
      const blob = upload.sha256 === null ? undefined : await claimBlob(manager, upload.sha256);
      if (!blob || upload.state !== 'done')
        throw new AppError('unavailable', `${upload.filename} is being read. Try again in a moment.`);
      await insertAsset(manager, {
        owner_id: upload.owner_id,
        project_id: null,
        upload_id: upload.id,
        name: upload.filename,
        object_name: upload.object_name,
        size: Number(blob.size),
        blob_sha256: blob.sha256,
        content_type: blob.content_type,
        ...asset,
      });
    });
  }
}
