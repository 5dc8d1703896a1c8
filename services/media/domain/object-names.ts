/** Where things are kept in the object store, and what they are called towards people. */

/** What an object is called: by who owns it, or by the project or commit that it is of. Never given twice. */
export function objectName(owned: {
  owner_id: string;
  project_id: string | null;
  commit_id: string | null;
  id: string;
  filename: string;
}): string {
  const { owner_id, project_id, commit_id, id, filename } = owned;
  if (project_id === null) return `${owner_id}/${id}-${filename}`;
  if (commit_id === null) return `projects/${project_id}/assets/${id}/${filename}`;
  return `projects/${project_id}/commits/${commit_id}/${id}-${filename}`;
}

/** Where bytes lie until they have been read by us. */
export const QUARANTINE = 'quarantine/';
export const quarantineKey = (ownerId: string, uploadId: string) => `${QUARANTINE}${ownerId}/${uploadId}`;

/** Where verified bytes lie: by their hash, and new for each keeping. */
export const BLOBS = 'sha256/';
export const blobKey = (sha256: string, keeping: string) =>
  `${BLOBS}${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}/${keeping}`;

/** Below what the objects of one rendition lie; ends with a slash. */
export const DERIVED = 'derived/';
export const renditionPrefix = (sha256: string, kind: string, making: string) =>
  `${DERIVED}${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}/${kind}-${making}/`;

/** Where the copy lies that a CDN shows while an asset is open to the world; each opening has a name of its own. */
export const PUBLIC = 'public/';
export const publicKey = (asset: { id: string; epoch: number; link_key: string; name: string }) =>
  `${PUBLIC}${asset.id}/${asset.epoch}-${asset.link_key.slice(0, 8)}/${asset.name}`;

/** Where the other services put what media is to keep. */
export const OUTPUTS = 'tasks/';
