import { randomBytes, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { objectName } from '../domain/object-names.js';
import type { AssetEntity, BlobEntity } from '../media.entities.js';

/** An asset with what is known of its blob. */
export type AssetRow = AssetEntity & {
  blob_key: string | null;
  facts: BlobEntity['facts'];
  quarantine_key: string | null;
};

export interface NewAsset {
  id?: string;
  owner_id: string;
  project_id: string | null;
  commit_id?: string | null;
  upload_id: string | null;
  /** Bytes that we have verified, or null while they are being looked at. */
  blob_sha256: string | null;
  name: string;
  /** What it is called in the store towards people; made from who owns it unless given. */
  object_name?: string;
  content_type: string;
  size: number;
  licence?: string | null;
  provenance?: Record<string, unknown> | null;
  vn_type?: string | null;
  branch_name?: string | null;
  metadata?: unknown;
}

/** Writes the row of an asset and gives its id. */
export async function insertAsset(manager: EntityManager, asset: NewAsset): Promise<string> {
  const id = asset.id ?? randomUUID();
  const { owner_id, project_id, commit_id = null } = asset;
  await manager.query(
    `insert into assets (id, owner_id, project_id, commit_id, upload_id, blob_sha256, state, name, object_name,
       content_type, size, licence, provenance, vn_type, branch_name, metadata, link_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      id,
      owner_id,
      project_id,
      commit_id,
      asset.upload_id,
      asset.blob_sha256,
      asset.blob_sha256 === null ? 'processing' : 'ready',
      asset.name,
      asset.object_name ?? objectName({ owner_id, project_id, commit_id, id, filename: asset.name }),
      asset.content_type,
      asset.size,
      asset.licence ?? null,
      asset.provenance == null ? null : JSON.stringify(asset.provenance),
      asset.vn_type ?? null,
      asset.branch_name ?? null,
      asset.metadata === undefined || asset.metadata === null ? null : JSON.stringify(asset.metadata),
      newLinkKey(),
    ],
  );
  return id;
}

/** What lets somebody in by a link: 128 bits that nobody guesses. */
export const newLinkKey = (): string => randomBytes(16).toString('base64url');

/** Assets with their blobs; those that were put aside are left out. `rest` begins after `where`. */
export function assetRows(manager: EntityManager, rest: string, values: unknown[]): Promise<AssetRow[]> {
  return manager.query<AssetRow[]>(
    `select a.*, b.key as blob_key, b.facts, u.quarantine_key
     from assets a left join blobs b on b.sha256 = a.blob_sha256
     left join uploads u on u.id = a.upload_id and a.state = 'processing'
     where a.deleted_at is null and ${rest}`,
    values,
  );
}

/** Keeps a blob from being removed, and says whether it is there at all. */
export async function claimBlob(manager: EntityManager, sha256: string): Promise<BlobEntity | undefined> {
  const [rows] = await manager.query<[BlobEntity[], number]>(
    'update blobs set unused_since = null where sha256 = $1 returning *',
    [sha256],
  );
  return rows[0];
}
