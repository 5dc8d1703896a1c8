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

  /**
   * Where the bytes are for one look, for whoever has the link; a link that no longer holds is one that there is not. Of one
   * that came from elsewhere it is what it stands for in the project, if that is said. Where projects mean different things
   * by it, the address of the page that shows it says whose is meant, by the project in it; and the answer is for that page.
   */
  async follow(
    assetId: string,
    key: string,
    said: Said = {},
  ): Promise<{ url: string; expires_at: Date; is_public: boolean; is_disputed: boolean }> {
    const ours = await this.ours(assetId, key);
    const { asset, is_disputed } = ours ? { asset: ours, is_disputed: false } : await this.carried(assetId, key, said);
    if (!asset) throw new AppError('not_found', 'This link leads nowhere any more. Ask for a new one.');
    return { ...(await this.assets.addressOf(asset, false)), is_public: asset.is_public, is_disputed };
  }

  /** What a link in a project's documents stands for: an asset of ours if it holds, or what was carried into the project. */
  async inProject(projectId: string, assetId: string, key: string): Promise<AssetRow | undefined> {
    return (await this.ours(assetId, key)) ?? (await this.carriedInto(projectId, assetId, key))[0];
  }

  private async ours(assetId: string, key: string): Promise<AssetRow | undefined> {
    const [asset] = isUuid(assetId) ? await assetRows(this.database.manager, 'a.id = $1', [assetId]) : [];
    return asset && holds(asset, key) ? asset : undefined;
  }

  /**
   * The content behind a link of another installation, by the hash that it came with. Where projects here say different
   * things of one link, each is believed for itself alone, and nobody is shown what another meant; and a link of ours that
   * no longer holds is not revived by anybody's copy.
   */
  private async carried(assetId: string, key: string, { project_id, page = '' }: Said): Promise<Carried> {
    if (!isUuid(assetId) || (project_id !== undefined && !isUuid(project_id))) return NOTHING;
    const known: unknown[] = await this.database.query('select from assets where id = $1', [assetId]);
    if (known.length > 0) return NOTHING;
    const claims = await this.database.query<{ project_id: string; sha256: string }[]>(
      `select project_id, sha256 from carried_links
       where origin_asset_id = $1 and link_key = $2 and ($3::uuid is null or project_id = $3)`,
      [assetId, key, project_id ?? null],
    );
    if (claims.length === 0) return NOTHING;
    const is_disputed = new Set(claims.map(({ sha256 }) => sha256)).size > 1;
    const shown = uuidsIn(page).find((id) => claims.some((claim) => claim.project_id === id));
    if (is_disputed && shown === undefined)
      throw new AppError('not_found', 'Projects here mean different things by this link. Say which by ?project_id=.', {
        ambiguous: true,
      });
    const found = await this.carriedInto((is_disputed ? shown : project_id) ?? null, assetId, key);
    return { asset: found.find(({ is_public }) => key !== OPEN || is_public), is_disputed };
  }

  private carriedInto(projectId: string | null, assetId: string, key: string): Promise<AssetRow[]> {
    return assetRows(
      this.database.manager,
      `exists (select from carried_links c where c.project_id = a.project_id and c.sha256 = a.blob_sha256
         and c.origin_asset_id = $1 and c.link_key = $2 and ($3::uuid is null or c.project_id = $3)) order by a.seq`,
      [assetId, key, projectId],
    );
  }
}

/** Whose meaning of a link is wished: a project's, or that of the project on whose page it is shown. */
interface Said {
  project_id?: string | undefined;
  page?: string | undefined;
}

interface Carried {
  asset: AssetRow | undefined;
  is_disputed: boolean;
}
const NOTHING: Carried = { asset: undefined, is_disputed: false };

const uuidsIn = (text: string): string[] =>
  text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];

function holds({ is_public, link_key, former_keys }: AssetRow, key: string): boolean {
  if (key === OPEN) return is_public;
  if (is_public && former_keys.includes(key)) return true;
  const [given, right] = [Buffer.from(key), Buffer.from(link_key)];
  return given.length === right.length && timingSafeEqual(given, right);
}
