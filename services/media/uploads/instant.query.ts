import type { EntityManager } from 'typeorm';
import type { BlobEntity } from '../media.entities.js';

/**
 * Of these contents those that the caller can read already: in assets of their own, of the project they may add to, or
 * open to the world. Nothing else is looked at, so that neither the answer nor its time tells what others have.
 */
export async function readableHere(
  manager: EntityManager,
  { owner_id, project_id, hashes }: { owner_id: string; project_id: string | null; hashes: string[] },
): Promise<Map<string, BlobEntity>> {
  if (hashes.length === 0) return new Map();
  const rows = await manager.query<BlobEntity[]>(
    `update blobs set unused_since = null where sha256 in (
       select blob_sha256 from assets
       where blob_sha256 = any($1) and deleted_at is null and (owner_id = $2 or project_id = $3 or is_public))
     returning *`,
    [hashes, owner_id, project_id],
  );
  const blobs = (rows as unknown as [BlobEntity[], number])[0];
  return new Map(blobs.map((blob) => [blob.sha256, blob]));
}
