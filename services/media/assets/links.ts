import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { isUuid } from '../domain/uuid.js';
import { assetRows, type AssetRow } from './asset-rows.js';
import { OPEN } from './asset-view.js';
import { Assets } from './assets.js';

/** The links that documents carry: long-lived, not to be guessed, and gone when an asset is closed or put aside. */
@Injectable()
export class Links {
  constructor(
    private readonly database: DataSource,
    private readonly assets: Assets,
  ) {}

  /** Where the bytes are for one look, for whoever has the link; a link that no longer holds is one that there is not. */
  async follow(assetId: string, key: string): Promise<{ url: string; expires_at: Date; is_public: boolean }> {
    const asset = await this.behind(assetId, key);
    return { ...(await this.assets.addressOf(asset, false)), is_public: asset.is_public };
  }

  /** The asset behind a link. */
  async behind(assetId: string, key: string): Promise<AssetRow> {
    const [asset] = isUuid(assetId) ? await assetRows(this.database.manager, 'a.id = $1', [assetId]) : [];
    if (!asset || !holds(asset, key))
      throw new AppError('not_found', 'This link leads nowhere any more. Ask for a new one.');
    return asset;
  }
}

function holds({ is_public, link_key }: AssetRow, key: string): boolean {
  if (key === OPEN) return is_public;
  const [given, right] = [Buffer.from(key), Buffer.from(link_key)];
  return given.length === right.length && timingSafeEqual(given, right);
}
