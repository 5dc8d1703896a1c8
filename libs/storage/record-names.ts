/**
 * Keys as names on a disk: their UTF-8 bytes in hexadecimal, cut into steps of 32 bytes, each but the last a folder. No
 * name can mean anything to the file system, letters that differ in case or Unicode form stay apart, a name may also be
 * a folder (`a` and `a/b`), none is too long, and the order of names is the order of the keys' bytes.
 */
const STEP = 64;
const SUFFIX = '.json';

/** The path of a key's record below its folder. */
export function recordPath(folder: string, key: string): string {
  const hex = Buffer.from(key).toString('hex');
  const steps = hex.match(new RegExp(`.{1,${STEP}}`, 'g')) ?? [];
  return `${[folder, ...steps].join('/')}${SUFFIX}`;
}

/** Reads the entries of a folder: names, and whether each is a folder itself. */
export type ReadFolder = (path: string) => Promise<{ name: string; isFolder: boolean }[]>;

/** Walks over the paths of records whose key begins with `prefix` and comes after `startAfter`, in key order. */
export function walkRecords(
  folder: string,
  { prefix, startAfter }: { prefix: string; startAfter: string },
  readFolder: ReadFolder,
): AsyncGenerator<string> {
  const wanted = Buffer.from(prefix).toString('hex');
  const after = Buffer.from(startAfter).toString('hex');
  return walk(folder, '', { wanted, after }, readFolder);
}

async function* walk(
  path: string,
  above: string,
  bounds: { wanted: string; after: string },
  readFolder: ReadFolder,
): AsyncGenerator<string> {
  for (const { name, hex, isFolder } of inOrder(await readFolder(path), above)) {
    if (isFolder) {
      const mayHold = hex.startsWith(bounds.wanted) || bounds.wanted.startsWith(hex);
      if (mayHold && hex >= bounds.after.slice(0, hex.length)) yield* walk(`${path}/${name}`, hex, bounds, readFolder);
    } else if (hex.startsWith(bounds.wanted) && hex > bounds.after) yield `${path}/${name}`;
  }
}

function inOrder(entries: { name: string; isFolder: boolean }[], above: string) {
  return entries
    .filter(({ name, isFolder }) => (isFolder ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{2,64}\.json$/).test(name))
    .map((entry) => ({ ...entry, hex: above + entry.name.replace(SUFFIX, '') }))
    .sort((a, b) => (a.hex === b.hex ? Number(a.isFolder) - Number(b.isFolder) : a.hex < b.hex ? -1 : 1));
}
