import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { SnapshotRefusedError } from '#libs/snapshot/world';
import { directoryStore } from '../../node/directory-store.js';
import { VABHUB_KINDS, writeVabHubFiles } from '../../node/vabhub-files.js';
import { parseRoot, Snapshots } from '../../snapshots/snapshots.js';
import { systemClock } from '../../snapshots/system-clock.js';
import type { AddCommand, CommandLine, CommonOptions, Outcome } from '../command-line.js';
import { ageInWords } from './age-in-words.js';

interface Options extends CommonOptions {
  to: string;
  from?: string;
  root?: string;
  store?: string;
  every?: number;
}

/** `evidverse fetch`: the files by which an unmodified VabHub knows titles and sites without a network. */
export const fetchFiles: AddCommand = (program, line) =>
  void program
    .command('fetch')
    .description('write aliases.json and index.json for an unmodified VabHub, and keep them when offline')
    .requiredOption('--to <folder>', "VabHub's backend/data/intel")
    .option('--from <url>', "the host of snapshots (default: the server's /snap)")
    .option('--root <file>', 'the root of the keys to believe; without it, the first one that the host shows')
    .option('--store <folder>', 'where the snapshot itself is kept (default: .evidverse in the folder)')
    .option('--every <minutes>', 'go on for ever, fetching so often', minutes)
    .action(
      line.run(async (options: Options) => {
        const snapshots = await snapshotsOf(options, line);
        if (options.every === undefined) return fetchOnce(snapshots, options, line);
        // Whatever goes wrong this time may not the next; what is there is whole at any moment, also when this is killed.
        const fetchAndTell = line.run(() => fetchOnce(snapshots, options, line));
        for (;;) {
          await fetchAndTell(program);
          await systemClock.wait(options.every * 60_000, new AbortController().signal);
        }
      }),
    );

async function snapshotsOf({ to, from, root, store, ...options }: Options, line: CommandLine): Promise<Snapshots> {
  return new Snapshots({
    from: from ?? `${await line.server(options)}/snap/`,
    store: directoryStore(store === undefined ? join(resolve(to), '.evidverse') : resolve(store)),
    root: root === undefined ? undefined : parseRoot(await readFile(root, 'utf8')),
    kinds: VABHUB_KINDS,
  });
}

/** Fetches what is new, if that can be had, and writes what is held. */
async function fetchOnce(snapshots: Snapshots, { to }: Options, { terminal }: CommandLine): Promise<Outcome> {
  try {
    await snapshots.sync();
  } catch (error) {
    if (!(await snapshots.age())) throw error;
    const why = error instanceof SnapshotRefusedError ? `refused (${error.reason})` : 'not to be had';
    terminal.note(`A newer snapshot is ${why}: ${(error as Error).message}`);
  }
  const { written, snapshot } = await writeVabHubFiles(snapshots, resolve(to));
  const news =
    written.length > 0 ? `wrote ${written.join(' and ')}; start VabHub anew to have them read` : 'nothing new';
  return { data: { written, snapshot }, text: `snapshot ${snapshot.seq}, ${ageInWords(snapshot.age_ms)} old: ${news}` };
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 10_080)) throw new InvalidArgumentError('Say 1 to 10080 minutes.');
  return value;
}
