import type { Kind } from '../documents.js';
import type { BuiltFile } from './build-snapshot.js';
import type { HeldMap } from './held-map.js';
import type { Part } from './parts.js';
import type { PiecedMap } from './pieced-map.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const GZIP = 'application/gzip';

/**
 * The same content under the names that simple clients know: `alias-latest.json`, `/v/{seq}/alias.json.gz`, and the shards and
 * tiers that are others than they were `before`.
 */
export async function convenienceFiles(
  seq: number,
  kind: Kind,
  { held, before }: { held: HeldMap; before: HeldMap | undefined },
): Promise<BuiltFile[]> {
  const whole = held.whole === before?.whole ? [] : wholeFiles(seq, kind, held.whole, await held.whole.open());
  if (kind !== 'alias' && kind !== 'index') return whole;
  const parts: BuiltFile[] = [];
  for (const [path, part] of held.parts) {
    if (before?.parts.get(path) === part) continue;
    parts.push({ ...now(path, part.gz(), GZIP), sha256: part.memo.sha256 });
    if (path.startsWith('top/')) parts.push(now(path.replace(/\.gz$/, ''), (await part.open()).bytes, JSON_TYPE));
  }
  return [...whole, ...parts];
}

function wholeFiles(seq: number, kind: Kind, whole: Part, { bytes }: PiecedMap): BuiltFile[] {
  const gz = whole.gz();
  const { sha256 } = whole.memo;
  const numbered = { ...forever(`v/${seq}/${kind}.json.gz`, gz, GZIP), sha256 };
  if (kind === 'rules') return [now('rules.json', bytes, JSON_TYPE), numbered];
  if (kind !== 'alias' && kind !== 'index') return [numbered];
  return [
    numbered,
    now(`${kind}-latest.json`, bytes, JSON_TYPE),
    { ...now(`${kind}-latest.json.gz`, gz, GZIP), sha256 },
  ];
}

const now = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: false });
const forever = (path: string, bytes: Buffer, type: string): BuiltFile => ({ path, bytes, type, forever: true });
