import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { Conversion } from '#libs/site-rules/cardigann/convert-definition';
import type { CommandLine, CommonOptions } from '../command-line.js';
import { writeWhole } from '../files.js';
import { inColumns } from '../terminal.js';

interface Options extends CommonOptions {
  out?: string;
}

/** `evidverse rules convert`: definitions of Jackett's and Prowlarr's as rules of ours. */
export const convert = (group: Command, line: CommandLine) =>
  group
    .command('convert')
    .description('make rules of definitions as Jackett and Prowlarr have them, and tell what cannot be carried')
    .argument('<paths...>', 'definitions (.yml), or folders of them')
    .option('--out <folder>', 'write the rules there, one file for each site')
    .action(
      line.run(async (options: Options, paths: string[]) => {
        const files = (await Promise.all(paths.map((path) => definitionsAt(resolve(options.directory, path))))).flat();
        // A reader of YAML and one of pages, which nobody else needs to load.
        const { convertDefinition } = await import('#libs/site-rules/cardigann/convert-definition');
        const results: Converted[] = [];
        for (const file of files) results.push(notTwice(await converted(file, convertDefinition), results));
        if (options.out !== undefined)
          for (const { record } of results)
            if (record)
              await writeWhole(
                join(resolve(options.directory, options.out), `${record.site}.json`),
                `${JSON.stringify(record, null, 2)}\n`,
              );
        const whole = results.filter(({ losses }) => losses.length === 0).length;
        return {
          data: { definitions: results.length, without_loss: whole, results },
          text: [...told(results), summary(results.length, whole)],
          exit: whole === results.length ? 0 : 1,
        };
      }),
    );

interface Converted extends Omit<Conversion, 'id'> {
  file: string;
}

async function definitionsAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((thrown: Error) => {
    throw new AppError('not_found', `${path} cannot be read: ${thrown.message}`);
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/i.test(name)).sort();
  return names.map((name) => join(path, name));
}

async function converted(file: string, make: (yaml: string) => Conversion): Promise<Converted> {
  try {
    const { record, losses, notes } = make(await readFile(file, 'utf8'));
    return { file: basename(file), record, losses, notes };
  } catch (thrown) {
    // One file that nobody can read does not keep the others from being converted.
    const message =
      thrown instanceof AppError ? thrown.message : `It cannot be converted: ${(thrown as Error).message}`;
    return { file: basename(file), record: null, losses: [{ path: '', code: 'refused', message }], notes: [] };
  }
}

/** A definition whose site was converted already is lost: its rules would take the place of the other's. */
function notTwice(one: Converted, earlier: readonly Converted[]): Converted {
  const other = one.record && earlier.find(({ record }) => record?.site === one.record!.site);
  if (!other) return one;
  const message = `${other.file} is a definition of ${other.record!.site} already`;
  return { ...one, record: null, losses: [...one.losses, { path: 'id', code: 'refused', message }] };
}

function told(results: readonly Converted[]): string[] {
  const rows = results.flatMap(({ file, losses }) =>
    losses.map(({ path, code, message }) => [file, code, path, message]),
  );
  return inColumns(rows);
}

const summary = (all: number, whole: number): string =>
  `${whole} of ${all} definition${all === 1 ? '' : 's'} without loss${all === 0 ? '' : ` (${((100 * whole) / all).toFixed(1)} %)`}.`;
