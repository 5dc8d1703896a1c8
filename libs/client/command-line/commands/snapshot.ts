import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { AddCommand } from '../command-line.js';
import { heldSnapshot, type SnapshotOptions } from '../held-snapshot.js';
import { ageInWords } from './age-in-words.js';

/** `evidverse snapshot`: all that is known of titles and sites, kept here, to answer without a network. */
export const snapshot: AddCommand = (program, line) => {
  const group = program.command('snapshot').description('what is known of titles, kept here: sync, info');
  const from = (command: Command) =>
    command.option('--from <url>', 'the host of snapshots (default: the server’s /snap)');
  from(group.command('sync'))
    .description('bring it up to date; everything is verified before it is used')
    .option('--root <file>', 'the root of the keys to believe; without it, the first one that the host shows')
    .action(
      line.run(async (options: SnapshotOptions) => {
        const { host, snapshots } = await heldSnapshot(options, line);
        const report = await snapshots.sync();
        const age = await snapshots.age();
        const text =
          report.outcome === 'updated'
            ? `Snapshot ${age?.seq} of ${host} is here, ${ageInWords(age?.age_ms ?? 0)} old.`
            : `Snapshot ${age?.seq} of ${host} still is the newest, ${ageInWords(age?.age_ms ?? 0)} old.`;
        return { data: { host, ...report, snapshot: age }, text };
      }),
    );
  from(group.command('info'))
    .description('which one is here, and how old it is')
    .action(
      line.run(async (options: SnapshotOptions) => {
        const { host, snapshots } = await heldSnapshot(options, line);
        const age = await snapshots.age();
        if (age === undefined)
          throw new AppError('not_found', `There is no snapshot of ${host} here. Fetch it: evidverse snapshot sync`);
        const checked = age.checked_at === null ? 'never asked since' : `last asked ${age.checked_at}`;
        const text = [
          `Snapshot ${age.seq} of ${host}`,
          `made ${age.generated_at}, ${ageInWords(age.age_ms)} ago; ${checked}`,
        ];
        return { data: { host, ...age }, text };
      }),
    );
};
