import { execFile, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Something that needs programs: program → the Debian package that brings it. */
export interface NeedsPrograms {
  readonly name: string;
  readonly title: string;
  /** The setting that may name a running one instead. */
  readonly address?: string;
  readonly programs: Readonly<Record<string, string>>;
}

/** What tests look at figures and alerts with. */
export const prometheus: NeedsPrograms = {
  name: 'prometheus',
  title: 'Prometheus',
  programs: { prometheus: 'prometheus', promtool: 'prometheus' },
};

/** The path of a program, or undefined; folders that are often missing in PATH are looked into as well. */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    '/opt/homebrew/sbin',
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The path of a program that must be there. */
export function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`The program ${name} is not there, although its package is installed.`);
  return path;
}

/** The Debian packages that a service still needs. */
export function missingPackages({ programs }: NeedsPrograms): string[] {
  const missing = Object.entries(programs).filter(([program]) => findProgram(program) === undefined);
  return [...new Set(missing.map(([, name]) => name))];
}

/** Installs Debian packages in one call, as root or through a sudo that asks nothing; otherwise says what to do by hand. */
export async function installPackages(services: readonly NeedsPrograms[], say: (line: string) => void): Promise<void> {
  const packages = [...new Set(services.flatMap(missingPackages))];
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const way = wayToRoot();
  if (way === undefined || findProgram('apt-get') === undefined) throw new Error(byHand(services, `sudo ${command}`));
  const names = services.map(({ name }) => name).join(', ');
  say(`${names}: installing ${packages.join(', ')} with apt-get, which takes a minute or two`);
  const began = Date.now();
  const apt = (...args: string[]) => {
    const [program = '', ...rest] = [
      ...way,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qq',
      '-o',
      'DPkg::Lock::Timeout=300',
      ...args,
    ];
    return promisify(execFile)(program, rest, { maxBuffer: 64 << 20 });
  };
  try {
    await apt('update').catch((error: Error) =>
      say(`${names}: apt-get update failed, going on without (${lastLine(error)})`),
    );
    await apt('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    throw new Error(`${byHand(services, `sudo ${command}`)}\napt-get said: ${lastLine(error as Error)}`, {
      cause: error,
    });
  }
  say(`${names}: installed in ${Math.round((Date.now() - began) / 1000)} s`);
}

function wayToRoot(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

function byHand(services: readonly NeedsPrograms[], command: string): string {
  const addresses = services.flatMap(({ address }) => address ?? []);
  return [
    `${services.map(({ title }) => title).join(', ')}: programs are missing. Install them:`,
    `  ${command}`,
    ...(addresses.length > 0 ? [`or give the address of running ones in ${addresses.join(', ')}.`] : []),
  ].join('\n');
}

function lastLine(error: Error): string {
  const { stderr } = error as Error & { stderr?: string };
  return (stderr?.trim() || error.message).split('\n').at(-1) ?? '';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
