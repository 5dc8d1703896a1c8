import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { rulesStatement } from '#libs/snapshot/documents';
import type { CommandLine, CommonOptions } from '../command-line.js';
import { writeWhole } from '../files.js';
import { packageNumber } from '../numbers.js';
import { signedDocument } from './keys.js';
import { told } from './rules-packages.js';

/** `evidverse rules statement`: what the keepers of the keys sign of a package, after looking at its text. */
export const statement = (group: Command, line: CommandLine) =>
  group
    .command('statement')
    .description('write what is to be signed of a package, where its keys are not on the server')
    .argument('<version>', 'of the package', packageNumber)
    .argument('<document>', 'the file to write')
    .action(
      line.run(async (options: CommonOptions, version: number, document: string) => {
        const api = await line.api(options);
        const text = Buffer.from(canonicalText(await api.get('/v1/rules/{version}', { path: { version } })));
        const sha256 = createHash('sha256').update(text).digest('hex');
        const signed = rulesStatement({ version, sha256, bytes: text.length });
        await writeWhole(
          resolve(options.directory, document),
          `${JSON.stringify({ signed, signatures: [] }, null, 2)}\n`,
        );
        return {
          data: signed,
          text: `${document} speaks of package ${version}, ${sha256}. Now: evidverse keys sign ${document} --key <files>`,
        };
      }),
    );

/** `evidverse rules add-signatures`: what the keepers signed makes a package one that clients believe. */
export const addSignatures = (group: Command, line: CommandLine) =>
  group
    .command('add-signatures')
    .description('send the signatures of a package that were made elsewhere (publishers)')
    .argument('<document>', 'as `rules statement` wrote it and `keys sign` signed it')
    .action(
      line.run(async (options: CommonOptions, document: string) => {
        const { signed, signatures } = await signedDocument(resolve(options.directory, document));
        if (signed.type !== 'rules')
          throw new AppError('invalid', `${document} is not of \`evidverse rules statement\`.`);
        const api = await line.api(options);
        return told(
          await api.post('/v1/rules/{version}/signatures', { path: { version: signed.version }, body: { signatures } }),
        );
      }),
    );
