import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json, from source as from dist: where migrations and other files that are not code stand. */
export function packageRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('package.json is nowhere above this file.');
  }
}
