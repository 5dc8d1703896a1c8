import type { Kind } from '../documents.js';
import type { BuiltFile } from './build-snapshot.js';
import type { HeldMap } from './held-map.js';
import type { Part } from './parts.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const GZIP = 'application/gzip';

/** The same content, whose bytes and hash are given, under the names that simple clients know: `alias-latest.json`, `/v/{seq}/alias.json.gz`. */
export function simpleFiles(
  seq: number,
  kind: Kind,
  whole: Part,
  { bytes, sha256 }: { bytes: Buffer; sha256: string },
): BuiltFile[] {
  const packed = { bytes: whole.gz(), type: GZIP, sha256: whole.memo.sha256 };
  const plain = { bytes, type: JSON_TYPE, forever: false, sha256 };
  const numbered = { ...packed, path: `v/${seq}/${kind}.json.gz`, forever: true };
  if (kind === 'rules') return [{ ...plain, path: 'rules.json' }, numbered];
  if (kind !== 'alias' && kind !== 'index') return [numbered];
  return [
    numbered,
    { ...plain, path: `${kind}-latest.json` },
    { ...packed, path: `${kind}-latest.json.gz`, forever: false },
  ];
}

/** The shards and tiers that are others than they were `before`. */
export async function partFiles(held: HeldMap, before: HeldMap | undefined): Promise<BuiltFile[]> {
  const files: BuiltFile[] = [];
  for (const [path, part] of held.parts) {
    if (before?.parts.get(path) === part) continue;
    files.push({ ...now(path, part.gz(), GZIP), sha256: part.memo.sha256 });
    if (path.startsWith('top/')) files.push(now(path.replace(/\.gz$/, ''), (await part.open()).bytes, JSON_TYPE));
  }
  return files;
}

const now = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: false });
