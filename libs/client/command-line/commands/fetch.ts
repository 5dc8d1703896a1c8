import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { SyncReport } from '#libs/snapshot/sync-snapshot';
import { SnapshotRefusedError } from '#libs/snapshot/world';
import { directoryStore } from '../../node/directory-store.js';
import { VABHUB_KINDS, writeVabHubFiles } from '../../node/vabhub-files.js';
import { followSnapshots } from '../../snapshots/follow-snapshots.js';
import { parseRoot, Snapshots } from '../../snapshots/snapshots.js';
import { askedToEnd } from '../asked-to-end.js';
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
    .option('--every <minutes>', 'go on until it is asked to end, fetching about so often', minutes)
    .action(
      line.run(async (options: Options) => {
        const snapshots = await snapshotsOf(options, line);
        if (options.every === undefined) {
          const news = await snapshots.sync().catch((error: Error) => error);
          return written(news, snapshots, options, line);
        }
        await followSnapshots(snapshots, {
          every_s: options.every * 60,
          signal: askedToEnd(),
          // Whatever goes wrong this time may not the next; what is there is whole at any moment, also when this is killed.
          heard: (news) => line.run(() => written(news, snapshots, options, line))(program),
        });
        line.exit = 0;
      }),
    );

async function snapshotsOf({ to, from, root, store, ...options }: Options, line: CommandLine): Promise<Snapshots> {
  return new Snapshots({
    from: from ?? `${await line.server(options)}/snap/`,
    store: directoryStore(store === undefined ? join(resolve(to), '.evidverse') : resolve(store)),
    root: root === undefined ? undefined : parseRoot(await readFile(root, 'utf8')),
    kinds: VABHUB_KINDS,
    clock: line.clock,
  });
}

/** Writes what is held now, whether or not something newer was to be had. */
async function written(
  news: SyncReport | Error,
  snapshots: Snapshots,
  { to }: Options,
  { terminal }: CommandLine,
): Promise<Outcome> {
  if (news instanceof Error) {
    if (!(await snapshots.age())) throw news;
    const why = news instanceof SnapshotRefusedError ? `refused (${news.reason})` : 'not to be had';
    terminal.note(`A newer snapshot is ${why}: ${news.message}`);
  }
  const report = await writeVabHubFiles(snapshots, resolve(to));
  const { seq, age_ms } = report.snapshot;
  const what =
    report.written.length > 0
      ? `wrote ${report.written.join(' and ')}; start VabHub anew to have them read`
      : 'nothing new';
  return { data: report, text: `snapshot ${seq}, ${ageInWords(age_ms)} old: ${what}` };
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 10_080)) throw new InvalidArgumentError('Say 1 to 10080 minutes.');
  return value;
}
