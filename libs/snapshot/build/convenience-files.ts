import { hash } from 'node:crypto';
import type { BareMap } from '../bare-map.js';
import type { Kind } from '../documents.js';
import type { BuiltFile, SnapshotInput } from './build-snapshot.js';
import { contentOfMap, type Content } from './content.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const GZIP = 'application/gzip';

/**
 * The same content under the names that simple clients know: `alias-latest.json`, `/v/{seq}/alias.json.gz`, shards by the
 * first byte of the SHA-256 of a key, and tiers of the aliases of the best-known works.
 */
export async function convenienceFiles(
  { seq, tiers, shards }: SnapshotInput,
  kind: Kind,
  content: BareMap | Buffer,
  { bytes, gz }: Content,
): Promise<BuiltFile[]> {
  if (kind === 'rules')
    return [now('rules.json', bytes, JSON_TYPE), forever(`v/${seq}/rules.json.gz`, await gz(), GZIP)];
  if (!(content instanceof Map)) return [];
  const files = [forever(`v/${seq}/${kind}.json.gz`, await gz(), GZIP)];
  if (kind !== 'alias' && kind !== 'index') return files;
  const map = content as BareMap;
  files.push(now(`${kind}-latest.json`, bytes, JSON_TYPE), now(`${kind}-latest.json.gz`, await gz(), GZIP));
  if (shards) files.push(...(await shardFiles(kind, map)));
  if (kind === 'alias') files.push(...(await tierFiles(map, tiers)));
  return files;
}

/** The shards, packed while the next ones are written. */
async function shardFiles(kind: Kind, map: BareMap): Promise<BuiltFile[]> {
  const files: Promise<BuiltFile>[] = [];
  for (const [shard, part] of shardsOf(map)) {
    const content = await contentOfMap(part);
    files.push(content.gz().then((gz) => now(`shard/${kind}/${shard}.json.gz`, gz, GZIP)));
    await files.at(-PACKED_AT_ONCE);
  }
  return Promise.all(files);
}

const PACKED_AT_ONCE = 4;

function shardsOf(map: BareMap): Map<string, Map<string, string>> {
  const parts = new Map<string, Map<string, string>>();
  for (let byte = 0; byte < 256; byte++) parts.set(byte.toString(16).padStart(2, '0'), new Map());
  for (const [key, text] of map) parts.get(shardOf(key))!.set(key, text);
  return parts;
}

const shardOf = (key: string) => hash('sha256', key).slice(0, 2);

async function tierFiles(map: BareMap, { sizes, order }: SnapshotInput['tiers']): Promise<BuiltFile[]> {
  const keys = order([...map.keys()]);
  const files: BuiltFile[] = [];
  for (const size of sizes) {
    const part = new Map(keys.slice(0, size).map((key) => [key, map.get(key)!]));
    files.push(now(`top/${size}/alias.json`, (await contentOfMap(part)).bytes, JSON_TYPE));
  }
  return files;
}

const now = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: false });
const forever = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: true });
