import type { AddCommand } from '../command-line.js';
import { convert } from './rules-convert.js';
import { draft, drafts, validate } from './rules-drafts.js';
import { check } from './rules-files.js';
import { packages, promote, publish, rollback, withdraw } from './rules-packages.js';
import { keeper, site } from './rules-keeping.js';
import { diff, list, pull, show } from './rules-published.js';
import { record } from './rules-record.js';
import { addSignatures, statement } from './rules-signatures.js';

/** `evidverse rules`: how sites are read, from a file on a keeper's disk to every client, and back. */
export const rules: AddCommand = (program, line) => {
  const group = program
    .command('rules')
    .description('rules by which sites are read: list, pull, check, record, draft, validate, publish, rollback, …');
  const published = [list, show, pull, diff, packages];
  const ownFiles = [convert, record, check];
  const onTheWay = [draft, drafts, validate, publish, promote, withdraw, rollback, statement, addSignatures];
  const keeping = [site, keeper];
  for (const add of [...published, ...ownFiles, ...onTheWay, ...keeping]) add(group, line);
};
