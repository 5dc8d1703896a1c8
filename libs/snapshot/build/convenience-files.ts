import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
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

/** The same names with nothing in them, for who asks before the first snapshot or the first rules. */
export function unpublishedFiles(): (BuiltFile & { sha256: string })[] {
  const files = [
    now('rules.json', Buffer.from('{"rules":[],"version":0}'), JSON_TYPE),
    ...(['alias', 'index'] as const).flatMap((kind) => [
      now(`${kind}-latest.json`, Buffer.from('{}'), JSON_TYPE),
      now(`${kind}-latest.json.gz`, gzipSync('{}'), GZIP),
    ]),
  ];
  return files.map((file) => ({ ...file, sha256: hash('sha256', file.bytes) }));
}

const now = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: false });
