import type { Kind } from '../documents.js';
import type { BuiltFile } from './build-snapshot.js';
import type { HeldMap, Packed } from './held-map.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const GZIP = 'application/gzip';

/**
 * The same content under the names that simple clients know: `alias-latest.json`, `/v/{seq}/alias.json.gz`, and the shards and
 * tiers that are others than they were `before`.
 */
export function convenienceFiles(
  seq: number,
  kind: Kind,
  { held, before, packed }: { held: HeldMap; before: HeldMap | undefined; packed: Packed },
): BuiltFile[] {
  const { bytes } = held.whole;
  const { gz } = packed(held.whole);
  if (kind === 'rules') return [now('rules.json', bytes, JSON_TYPE), forever(`v/${seq}/rules.json.gz`, gz, GZIP)];
  const files = [forever(`v/${seq}/${kind}.json.gz`, gz, GZIP)];
  if (kind !== 'alias' && kind !== 'index') return files;
  files.push(now(`${kind}-latest.json`, bytes, JSON_TYPE), now(`${kind}-latest.json.gz`, gz, GZIP));
  for (const [path, part] of held.parts) {
    if (before?.parts.get(path) === part) continue;
    files.push(now(path, packed(part).gz, GZIP));
    if (path.startsWith('top/')) files.push(now(path.replace(/\.gz$/, ''), part.bytes, JSON_TYPE));
  }
  return files;
}

const now = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: false });
const forever = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: true });
