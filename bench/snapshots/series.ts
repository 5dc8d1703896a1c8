import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { parse } from 'yaml';
import { applyDelta, placed, textOf, undoOf, type BareMap } from '#libs/snapshot/bare-map';
import { brotli } from '#libs/snapshot/build/gzip';
import { GrowingDelta } from '#libs/snapshot/build/growing-delta';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { updatesTo } from './behind.js';

/**
 * Bytes of deltas between the versions of a real file, beside `zstd -19 --patch-from` of the same canonical texts. Each entry of
 * the folder is a version, in the order of their names: a JSON file, or a folder of YAML or JSON files that are a map by name.
 */
export async function benchSeries(folder: string): Promise<void> {
  const versions = readdirSync(folder).sort(new Intl.Collator('en', { numeric: true }).compare);
  const maps = versions.map((name) => mapOf(join(folder, name)));
  const texts = maps.map((map) => Buffer.from([...textOf(map)].join('')));
  const [next, newest] = [new Sum(), new Sum()];
  const scratch = mkdtempSync(join(tmpdir(), 'evidverse-series-'));
  try {
    const last = maps.length - 1;
    for (let from = 0; from < last; from++)
      for (const to of new Set([from + 1, ...(isPowerOfTwo(last - from) ? [last] : [])])) {
        const ours = await deltaBytes(maps[from]!, maps[to]!);
        const theirs = patchBytes(scratch, texts[from]!, texts[to]!);
        if (to === from + 1) next.add(ours, theirs);
        if (to === last) newest.add(ours, theirs);
      }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  console.log(
    `${basename(folder)}: ${versions.length} versions, the last ${maps.at(-1)!.size} entries and ${texts.at(-1)!.length} B`,
  );
  const updates = await updatesTo('rules', maps);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  console.log(`  from each to the next: ${next.said()}`);
  console.log(`  from 1, 2, 4 … back to the newest: ${newest.said()}`);
  console.log(
    `  a client that is behind: at most ${Math.max(...updates.map(({ requests }) => requests - 1))} requests after the pointer; ` +
      `one version behind ${updates.at(-1)!.bytes} B with pointer and manifest, all of them ${mean(updates.map(({ bytes }) => bytes)).toFixed(0)} B each`,
  );
}

const isPowerOfTwo = (number: number) => Number.isInteger(Math.log2(number));

class Sum {
  private pairs = 0;
  private ours = 0;
  private theirs = 0;
  add(ours: number, theirs: number): void {
    this.pairs++;
    this.ours += ours;
    this.theirs += theirs;
  }
  said(): string {
    const { pairs, ours, theirs } = this;
    return `${pairs} deltas ${ours} B, zstd ${theirs} B: ${(ours / theirs).toFixed(2)} x; ${(ours / pairs).toFixed(0)} B each`;
  }
}

async function deltaBytes(from: BareMap, to: BareMap): Promise<number> {
  const delta = new GrowingDelta(placed(to), 2);
  delta.back(undoOf(from, to));
  const text = delta.text(1);
  const applied = [...textOf(applyDelta(from, JSON.parse(text.toString())))].join('');
  if (applied !== [...textOf(to)].join('')) throw new Error('A delta does not lead to the later version.');
  return (await brotli(text)).length;
}

function patchBytes(scratch: string, from: Buffer, to: Buffer): number {
  const [old, young, patch] = ['old', 'young', 'patch'].map((name) => join(scratch, name)) as [string, string, string];
  writeFileSync(old, from);
  writeFileSync(young, to);
  execFileSync('zstd', ['-q', '-f', '-19', '--long=27', `--patch-from=${old}`, young, '-o', patch], {
    stdio: 'ignore',
  });
  return statSync(patch).size;
}

/** A map of a file: of a list of works each by its title and time, of a folder each file by its name. */
function mapOf(path: string): BareMap {
  if (statSync(path).isDirectory()) {
    const files = readdirSync(path).filter((name) => /\.(?:ya?ml|json)$/.test(name));
    return new Map(
      files.map((name) => [
        basename(name, extname(name)),
        canonicalText(parse(readFileSync(join(path, name), 'utf8'))),
      ]),
    );
  }
  const value = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  if (!Array.isArray(value.items))
    return new Map(Object.entries(value).map(([key, item]) => [key, canonicalText(item)]));
  const items = value.items as { title: string; begin: string }[];
  return new Map(items.map((item) => [`${item.title}@${item.begin}`, canonicalText(item)]));
}
