import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '#libs/errors/app-error';
import { isAlive, programEnvironment } from './postgres-process.js';
import { postgresPrograms, type Account, type PostgresPrograms } from './postgres-programs.js';

/** A data directory that this version can run on, with who owns it and the way in. */
export interface PostgresData {
  data: string;
  account: Account | undefined;
  programs: PostgresPrograms;
  password: string;
  fresh: boolean;
}

/** The one role of the server: the owner of everything. */
export const ROLE = 'evidverse';

/** Gives the data directory `postgres` of `directory`, made when it is not there: whole or not at all. */
export async function postgresData(directory: string): Promise<PostgresData> {
  const account = await prepareDirectory(directory);
  const programs = await postgresPrograms(directory, account);
  const data = join(await realpath(directory), 'postgres');
  const fresh = (await isEmpty(data)) && (await initialise(programs, data, account));
  await checkMajorVersion(data, programs);
  return { data, account, programs, fresh, password: await readPassword(data) };
}

const NOBODY = 65_534;
const PASSWORD_FILE = 'evidverse.password';

/** Gives the account to run as: PostgreSQL refuses root, so root runs it as the owner of the data, or as nobody. */
async function prepareDirectory(directory: string): Promise<Account | undefined> {
  const isRoot = process.getuid?.() === 0;
  const firstMade = await mkdir(directory, { recursive: true });
  if (!isRoot) return undefined;
  if (firstMade !== undefined)
    for (let made = directory; made.startsWith(firstMade); made = dirname(made)) await chmod(made, 0o711);
  const owner = await stat(join(directory, 'postgres')).catch(() => undefined);
  return owner === undefined || owner.uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid: owner.uid, gid: owner.gid };
}

async function isEmpty(data: string): Promise<boolean> {
  try {
    return (await readdir(data)).length === 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

/** The data directory gets its name last, so a killed start leaves no half of one. False when another process was quicker. */
async function initialise(programs: PostgresPrograms, data: string, account: Account | undefined): Promise<boolean> {
  await removeUnfinished(data);
  const unfinished = await mkdtemp(`${data}.unfinished-${process.pid}-`);
  const passwordFile = `${unfinished}.password`;
  inProgress.add(basename(unfinished));
  await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  try {
    if (account) for (const path of [unfinished, passwordFile]) await chown(path, account.uid, account.gid);
    await promisify(execFile)(
      programs.initdb,
      [
        ...['-D', unfinished, '-U', ROLE, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'],
        ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync', '--no-instructions'],
      ],
      { ...account, cwd: '/', env: programEnvironment(), windowsHide: true },
    );
    await rename(passwordFile, join(unfinished, PASSWORD_FILE));
    await rename(unfinished, data);
    return true;
  } catch (error) {
    if (existsSync(join(data, 'PG_VERSION'))) return false;
    throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
    await rm(passwordFile, { force: true });
  }
}

const inProgress = new Set<string>();

/** What a killed start left. In a container our own number may be that of the killed one. */
async function removeUnfinished(data: string): Promise<void> {
  for (const name of await readdir(dirname(data))) {
    const [, folder = '', pid] = /^(postgres\.unfinished-(\d+)-\w+)/.exec(name) ?? [];
    if (inProgress.has(folder)) continue;
    if (Number(pid) === process.pid || (pid !== undefined && !isAlive(Number(pid))))
      await rm(join(dirname(data), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

async function checkMajorVersion(data: string, { version }: PostgresPrograms): Promise<void> {
  const written = await readFile(join(data, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new AppError(
        'invalid',
        `${data} is not empty and not a PostgreSQL data directory. Move it away, or choose another directory.`,
      );
    },
  );
  const major = Number.parseInt(version).toString();
  if (written !== major)
    throw new AppError(
      'invalid',
      `The data in ${data} was written by PostgreSQL ${written}, and this is PostgreSQL ${major}. Export it with the version that wrote it, move the folder away, start again and import.`,
    );
}

async function readPassword(data: string): Promise<string> {
  const path = join(data, PASSWORD_FILE);
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError(
      'invalid',
      `The password of the database cannot be read from ${path}. Put the file back, or move ${data} away to start empty.`,
      undefined,
      { cause },
    );
  });
}
