import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { OutputOf } from '#libs/contracts/contract';
import type { getAsset } from '#libs/contracts/media-assets';
import type { VNAsset, VNAssetType } from '#libs/contracts/media';
import { assetPath } from '#libs/media/asset-link';
import type { MediaConfig } from '../config.js';
import { publicKey } from '../domain/object-names.js';
import type { AssetRow } from './asset-rows.js';

type Asset = OutputOf<typeof getAsset>;

/** What stands in a public link in the place of the key. */
export const OPEN = 'public';

/** Shows assets as the world sees them. */
@Injectable()
export class AssetView {
  constructor(@Inject(CONFIG) private readonly config: MediaConfig) {}

  asset(row: AssetRow): Asset {
    return {
      id: row.id,
      owner_id: row.owner_id,
      project_id: row.project_id,
      commit_id: row.commit_id,
      name: row.name,
      object_name: row.object_name,
      state: row.state,
      problem: row.problem,
      content_type: row.content_type,
      size: Number(row.size),
      sha256: row.blob_sha256,
      licence: row.licence,
      provenance: row.provenance,
      is_public: row.is_public,
      facts: row.facts as Asset['facts'],
      url: this.link(row, row.link_key),
      public_url: row.is_public ? this.publicUrl(row) : null,
      created_at: row.created_at,
    };
  }

  vnAsset(row: AssetRow): VNAsset {
    return {
      id: row.id,
      project_id: row.project_id!,
      branch_name: row.branch_name,
      type: row.vn_type as VNAssetType,
      object_name: row.object_name,
      storage_url: this.link(row, row.link_key),
      metadata: row.metadata ?? null,
      created_at: row.created_at,
    };
  }

  /** The address that a CDN shows it at, or else a link of ours that anyone may follow. */
  publicUrl(row: AssetRow): string {
    const { MEDIA_CDN_URL } = this.config;
    if (MEDIA_CDN_URL === undefined || row.state !== 'ready') return this.link(row, OPEN);
    return `${MEDIA_CDN_URL}/${publicKey(row).split('/').map(encodeURIComponent).join('/')}`;
  }

  private link({ id, name }: AssetRow, key: string): string {
    return `${this.config.PUBLIC_URL}/api/v1${assetPath({ asset_id: id, key, name })}`;
  }
}
