import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { OutputOf } from '#libs/contracts/contract';
import type { getPlayback } from '#libs/contracts/media-play';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { assetRows, type AssetRow } from '../assets/asset-rows.js';
import { OPEN } from '../assets/asset-view.js';
import { Assets } from '../assets/assets.js';
import type { MediaConfig } from '../config.js';
import { masterPlaylist, variantPlaylist, type HlsVariant } from '../domain/hls-playlist.js';
import { playKey, playKeyHolds } from '../domain/play-key.js';
import { isUuid } from '../domain/uuid.js';
import type { RenditionEntity } from '../media.entities.js';

const PLAY_SECONDS = 6 * 3600;
type Answer = OutputOf<typeof getPlayback>;
type Made = Partial<Record<RenditionEntity['kind'], RenditionEntity>>;

/** Lets people look at media: those who may, with addresses made for them. */
@Injectable()
export class Playback {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: MediaConfig,
    private readonly assets: Assets,
  ) {}

  async get(caller: Caller, assetId: string): Promise<Answer> {
    const asset = await this.assets.readable(caller, assetId);
    // First the job: what is read after a job that is done has all that it made.
    const job = await this.jobOf(asset);
    const [made, { url: file_url }] = await Promise.all([this.madeOf(asset), this.assets.addressOf(asset, false)]);
    const expiresAt = Date.now() + PLAY_SECONDS * 1000;
    const file = (kind: 'poster' | 'sprite' | 'waveform') => this.sign(made[kind]!, String(made[kind]!.content.file));
    return {
      asset_id: asset.id,
      state: asset.state === 'ready' ? job.state : asset.state,
      problem: asset.problem ?? job.problem,
      content_type: asset.content_type,
      facts: asset.facts as Answer['facts'],
      file_url,
      poster_url: made.poster ? await file('poster') : null,
      sprite: made.sprite ? ({ ...made.sprite.content, url: await file('sprite') } as Answer['sprite']) : null,
      waveform: made.waveform
        ? ({ ...made.waveform.content, url: await file('waveform') } as Answer['waveform'])
        : null,
      hls_url: made.hls ? this.masterUrl(asset, expiresAt) : null,
      expires_at: new Date(expiresAt),
    };
  }

  /** A playlist for whoever has a key that holds; all others are told that there is none. */
  async playlist(assetId: string, key: string, name: string): Promise<{ text: string; is_public: boolean }> {
    const [asset] = isUuid(assetId) ? await assetRows(this.database.manager, 'a.id = $1', [assetId]) : [];
    const holds = asset && (key === OPEN ? asset.is_public : playKeyHolds(asset, key, Date.now()));
    const made = asset && holds ? (await this.madeOf(asset)).hls : undefined;
    if (!asset || !made) throw new AppError('not_found', 'There is no such film to play. Ask for a new address.');
    const variants = made.content.variants as HlsVariant[];
    if (name === 'master.m3u8') return { text: masterPlaylist(variants), is_public: asset.is_public };
    const variant = variants.find((one) => `${one.name}.m3u8` === name);
    if (!variant) throw new AppError('not_found', `This film has no ${name}.`);
    const urls = await Promise.all(variant.segments.map(({ file }) => this.sign(made, file)));
    return { text: variantPlaylist(variant, urls), is_public: asset.is_public };
  }

  private async madeOf({ blob_sha256 }: AssetRow): Promise<Made> {
    const rows = await this.database.query<RenditionEntity[]>('select * from renditions where blob_sha256 = $1', [
      blob_sha256,
    ]);
    return Object.fromEntries(rows.map((row) => [row.kind, row]));
  }

  private async jobOf({ blob_sha256 }: AssetRow): Promise<{ state: Answer['state']; problem: string | null }> {
    const [job] = await this.database.query<{ state: string; problem: string | null }[]>(
      `select state, problem from jobs where kind = 'derive' and subject = $1`,
      [blob_sha256],
    );
    if (!job || job.state === 'done') return { state: 'ready', problem: null };
    return { state: job.state === 'failed' ? 'failed' : 'processing', problem: job.problem };
  }

  private sign({ prefix }: RenditionEntity, file: string): Promise<string> {
    return this.store.presignGet(prefix + file, { expiresSeconds: PLAY_SECONDS });
  }

  private masterUrl(asset: AssetRow, expiresAt: number): string {
    const key = asset.is_public ? OPEN : playKey(asset, expiresAt);
    return `${this.config.PUBLIC_URL}/api/v1/media/${asset.id}/${key}/hls/master.m3u8`;
  }
}
