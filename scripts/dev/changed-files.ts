import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Gives a function that names the compiled files whose content changed since it was last asked. It looks instead of being
 * told, because a build removes the whole folder and makes it anew, which no watcher survives.
 */
export function changedFiles(folder: string): () => string[] {
  let known = look(folder, new Map());
  return () => {
    const now = look(folder, known);
    const changed = [...now].filter(([path, { hash }]) => known.get(path)?.hash !== hash).map(([path]) => path);
    // A file that is gone is not forgotten: the build that removed it brings it back.
    known = new Map([...known, ...now]);
    return changed;
  };
}

interface Seen {
  modified: number;
  hash: string;
}

function look(folder: string, known: Map<string, Seen>): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const path of compiledFiles(folder)) {
    const name = relative(folder, path);
    try {
      const modified = statSync(path).mtimeMs;
      const before = known.get(name);
      const unchanged = before?.modified === modified;
      seen.set(
        name,
        unchanged ? before : { modified, hash: createHash('sha1').update(readFileSync(path)).digest('hex') },
      );
    } catch {
      // removed between the listing and now
    }
  }
  return seen;
}

function compiledFiles(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter(({ name }) => name.endsWith('.js')).map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    return []; // the folder is being made anew
  }
}
