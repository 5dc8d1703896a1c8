import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '#libs/errors/app-error';
import * as shapes from '#libs/snapshot/document-shapes';
import { ROLES, type RoleName, type Root, type Signed } from '#libs/snapshot/documents';
import { nextRoot } from '#libs/snapshot/next-root';
import { generateKey, isSignedBy, keyId, sign, type SigningKey } from '#libs/snapshot/signing';
import type { AddCommand, CommandLine, CommonOptions } from '../command-line.js';
import { readIfThere, writeWhole } from '../files.js';
import { wholeNumber } from '../numbers.js';
import { oneOf } from '../one-of.js';
import { inColumns } from '../terminal.js';

const SIGNED_FOR = [...ROLES, 'feed'] as const;

interface NextOptions extends CommonOptions {
  root?: string[];
  rules?: string[];
  threshold: number;
  rulesThreshold: number;
}

/** `evidverse keys`: whose signatures the brain's clients believe, and how the keys for that are kept away from the server. */
export const keys: AddCommand = (program, line) => {
  const group = program.command('keys').description('the keys that rules and snapshots are signed with');
  group
    .command('list')
    .description('which keys count, for what, and which of them the server has')
    .action(line.run(async (options: CommonOptions) => listed(line, options)));
  group
    .command('create')
    .description('make a key in a file for you alone, and its public half in <file>.pub; needs no server')
    .argument('<file>')
    .action(
      line.run(async ({ directory }: CommonOptions, name: string) => {
        const file = resolve(directory, name);
        if ((await readIfThere(file)) !== undefined)
          throw new AppError('conflict', `${file} is there already. A key is never written over.`);
        const { private_key, ...shown } = await generateKey();
        await writeWhole(file, asText({ ...shown, private_key }), 0o600);
        await writeWhole(`${file}.pub`, asText(shown));
        return { data: shown, text: `${shown.id} is in ${file}: keep it off the network, and a copy elsewhere.` };
      }),
    );
  group
    .command('next')
    .description('write the next root, in which these keys take the place of those in use; nobody has signed it yet')
    .argument('<document>', 'the file to write')
    .option('--root <public...>', 'public halves of the keys that sign roots')
    .option('--threshold <number>', 'how many of them it takes', wholeNumber, 1)
    .option('--rules <public...>', 'public halves of the keys that sign rules')
    .option('--rules-threshold <number>', 'how many of them it takes', wholeNumber, 1)
    .action(line.run(async (options: NextOptions, document: string) => written(line, options, document)));
  group
    .command('rotate')
    .description(
      'have the server make a new key of its own for a role; where roots are signed elsewhere, write the next one',
    )
    .argument('<role>', SIGNED_FOR.join(', '), oneOf(SIGNED_FOR))
    .argument('<document>', 'the file for the next root, if keepers have to sign it')
    .action(
      line.run(async (options: CommonOptions, role: (typeof SIGNED_FOR)[number], document: string) => {
        const api = await line.api(options);
        const { published, root } = await api.post('/v1/admin/keys/rotate', { body: { role } });
        return published ? listed(line, options) : unsigned(options, document, root);
      }),
    );
  group
    .command('sign')
    .description('add signatures to a root, or to what is said of a package of rules; needs no server')
    .argument('<document>', 'as `keys next`, `keys rotate` or `rules statement` wrote it')
    .requiredOption('--key <files...>', 'keys, as `keys create` wrote them')
    .action(
      line.run(async ({ directory, key }: CommonOptions & { key: string[] }, name: string) => {
        const file = resolve(directory, name);
        const { signed, signatures } = await signedDocument(file);
        const mine = await Promise.all(key.map((one) => keyIn<SigningKey>(resolve(directory, one), 'private_key')));
        const added = (await sign(signed, mine)).signatures;
        const all = [...signatures.filter((old) => !added.some((young) => young.key === old.key)), ...added];
        await writeWhole(file, asText({ signed, signatures: all }));
        const said = `Signed with ${added.map((one) => one.key).join(', ')}.`;
        if (signed.type === 'rules')
          return {
            data: { signatures: all },
            text: `${said} When all keepers have: evidverse rules add-signatures ${name}`,
          };
        const isEnough = await isSignedBy(signed, 'root', signed, all);
        const next = isEnough ? 'Enough of its own keys have signed it.' : 'More of its own keys must sign it.';
        return { data: { signatures: all, is_enough: isEnough }, text: `${said} ${next}` };
      }),
    );
  group
    .command('publish')
    .description('put a signed root into use; the server signs it too as long as it has the keys of the one before')
    .argument('<document>')
    .action(
      line.run(async (options: CommonOptions, name: string) => {
        const document = await rootIn(resolve(options.directory, name));
        await (await line.api(options)).post('/v1/admin/root', { body: document as never });
        return listed(line, options);
      }),
    );
};

async function listed(line: CommandLine, options: CommonOptions) {
  const { root, keys } = await (await line.api(options)).get('/v1/rules/keys');
  const current = root.signed;
  const rows = keys
    .filter(({ retired_at }) => retired_at === null)
    .map(({ id, role, held_here }) => [id, role, held_here ? 'on the server' : 'elsewhere']);
  const needed = `Root ${current.version}: it takes ${current.roles.root.threshold} of its keys to change it, ${current.roles.rules.threshold} to publish rules.`;
  return { data: { root, keys }, text: [needed, ...inColumns(rows)] };
}

async function written(line: CommandLine, options: NextOptions, document: string) {
  const { root, rules, threshold, rulesThreshold, directory } = options;
  if (!root && !rules) throw new AppError('invalid', 'Say which keys are to be new: --root or --rules.');
  const current = (await (await line.api(options)).get('/v1/rules/keys')).root.signed;
  const young: { id: string; public_key: string }[] = [];
  const role = async (name: RoleName, files: readonly string[] | undefined, enough: number) => {
    if (!files) return current.roles[name];
    const named = await Promise.all(files.map((file) => keyIn<SigningKey>(resolve(directory, file), 'public_key')));
    const ids = [...new Set(named.map(({ id }) => id))];
    if (enough < 1 || enough > ids.length)
      throw new AppError('invalid', `${enough} of ${ids.length} keys cannot sign for ${name}.`);
    young.push(...named);
    return { keys: ids, threshold: enough };
  };
  const roles = {
    ...current.roles,
    root: await role('root', root, threshold),
    rules: await role('rules', rules, rulesThreshold),
  };
  const next = nextRoot(current, roles, young);
  return unsigned(options, document, next);
}

/** Writes the next root as its keepers carry it to their keys. */
async function unsigned({ directory }: CommonOptions, document: string, next: { version: number }) {
  await writeWhole(resolve(directory, document), asText({ signed: next, signatures: [] }));
  return {
    data: next,
    text: `${document} is root ${next.version}. Now: evidverse keys sign ${document} --key <files>`,
  };
}

async function rootIn(file: string): Promise<Signed<Root>> {
  const parsed = shapes.signed(shapes.Root).safeParse(await jsonIn(file));
  if (!parsed.success) throw new AppError('invalid', `${file} is no root, as \`evidverse keys next\` writes them.`);
  return parsed.data;
}

/** A root, or what is said of a package of rules, with the signatures that it has. */
export async function signedDocument(file: string) {
  const parsed = shapes.signed(z.union([shapes.Root, shapes.RulesStatement])).safeParse(await jsonIn(file));
  if (parsed.success) return parsed.data;
  throw new AppError(
    'invalid',
    `${file} is none of what \`evidverse keys next\` and \`evidverse rules statement\` write.`,
  );
}

async function keyIn<Key extends { id: string; public_key: string }>(file: string, half: keyof Key): Promise<Key> {
  const key = (await jsonIn(file)) as Partial<Key> | null;
  const isWhole = typeof key?.[half] === 'string' && typeof key.public_key === 'string';
  if (!isWhole || (await keyId(key.public_key!).catch(() => '')) !== key.id)
    throw new AppError(
      'invalid',
      `${file} is no key with a ${String(half)}, as \`evidverse keys create\` writes them.`,
    );
  return key as Key;
}

async function jsonIn(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((thrown: Error) => {
    throw new AppError('not_found', `${file} cannot be read: ${thrown.message}`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('invalid', `${file} is not JSON.`);
  }
}

const asText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
