import type { DataSource } from 'typeorm';
import { objectKey, type ObjectStore } from '#libs/storage/object-store';

/** A bundle has a row from before its first byte, or a moment after its upload was begun. */
const YOUNG_MS = 48 * 3600 * 1000;
const BUNDLES = `${objectKey('bundles')}/`;

/** Removes the bytes and the begun uploads of bundles that no row knows of: the traces of processes that died in between. Gives how many. */
export async function endLostBundles(database: DataSource, store: ObjectStore, now = new Date()): Promise<number> {
  const old = new Date(now.getTime() - YOUNG_MS);
  const keys: string[] = [];
  for await (const { key, last_modified } of store.list({ prefix: BUNDLES })) if (last_modified < old) keys.push(key);
  const uploads: { key: string; upload_id: string }[] = [];
  for await (const upload of store.listUploads({ prefix: BUNDLES })) if (upload.initiated < old) uploads.push(upload);
  const rows = await database.query<{ object_key: string }[]>(
    'select object_key from transfers where object_key = any($1)',
    [[...keys, ...uploads.map(({ key }) => key)]],
  );
  const known = new Set(rows.map(({ object_key }) => object_key));
  const lost = keys.filter((key) => !known.has(key));
  const begun = uploads.filter(({ key }) => !known.has(key));
  await store.delete(lost);
  for (const { key, upload_id } of begun) await store.abortUpload(key, upload_id);
  return lost.length + begun.length;
}
