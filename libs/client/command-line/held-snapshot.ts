import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryStore } from '../node/directory-store.js';
import { parseRoot, Snapshots } from '../snapshots/snapshots.js';
import type { CommandLine, CommonOptions } from './command-line.js';

export interface SnapshotOptions extends CommonOptions {
  from?: string;
  root?: string;
}

/** The snapshot that this person keeps of a host, by which titles are answered without it; one for each host. */
export async function heldSnapshot(
  { from, root, ...options }: SnapshotOptions,
  line: CommandLine,
): Promise<{ host: string; snapshots: Snapshots }> {
  const host = from ?? `${await line.server(options)}/snap/`;
  const snapshots = new Snapshots({
    from: host,
    store: directoryStore(join(line.environment.home, 'snapshots', encodeURIComponent(host))),
    root: root === undefined ? undefined : parseRoot(await readFile(root, 'utf8')),
    clock: line.clock,
  });
  return { host, snapshots };
}
