import type { Kind } from '../documents.js';
import type { BuiltFile } from './build-snapshot.js';
import type { HeldMap } from './held-map.js';
import type { Part } from './parts.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const GZIP = 'application/gzip';

/** The content as it is, under the name that simple clients know. */
export function plainFiles(kind: Kind, text: Buffer, sha256: string): BuiltFile[] {
  const path =
    kind === 'rules' ? 'rules.json' : kind === 'alias' || kind === 'index' ? `${kind}-latest.json` : undefined;
  return path === undefined ? [] : [{ path, bytes: text, type: JSON_TYPE, forever: false, sha256 }];
}

/** The same packed, as `/v/{seq}/alias.json.gz` and `alias-latest.json.gz`. */
export function packedFiles(seq: number, kind: Kind, whole: Part): BuiltFile[] {
  const packed = { bytes: whole.gz(), type: GZIP, sha256: whole.memo.sha256 };
  const numbered = { ...packed, path: `v/${seq}/${kind}.json.gz`, forever: true };
  if (kind !== 'alias' && kind !== 'index') return [numbered];
  return [numbered, { ...packed, path: `${kind}-latest.json.gz`, forever: false }];
}

/** The shards and tiers that are others than they were `before`. */
export async function partFiles(parts: HeldMap['parts'], before: HeldMap | undefined): Promise<BuiltFile[]> {
  const files: BuiltFile[] = [];
  for (const [path, part] of parts) {
    if (before?.parts.get(path) === part) continue;
    files.push(packedPart(path, part));
    if (path.startsWith('top/')) files.push(now(path.replace(/\.gz$/, ''), await part.text(), JSON_TYPE));
  }
  return files;
}

/** The packed file of a part. */
export const packedPart = (path: string, part: Part): BuiltFile => ({
  ...now(path, part.gz(), GZIP),
  sha256: part.memo.sha256,
});

export const isShard = (path: string): boolean => path.startsWith('shard/');

const now = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: false });
