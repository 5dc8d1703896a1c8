import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '#libs/config/package-root';
import { buildClient } from '../../scripts/client/build-client.js';

const run = promisify(execFile);

/** The package as somebody has it who installed it: packed, then installed from the archive into an empty folder, without a network. */
export interface InstalledClient {
  readonly folder: string;
  /** What went into the archive. */
  readonly files: { path: string; size: number }[];
  write(name: string, text: string): Promise<void>;
  /** Runs a file of the folder in plain Node, or any program; tells what it printed. */
  node(...args: string[]): Promise<string>;
  tsc(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

export async function installClient(): Promise<InstalledClient> {
  const workplace = await mkdtemp(join(tmpdir(), 'evidverse-client-'));
  const [built, folder] = [join(workplace, 'built'), join(workplace, 'installed')];
  await buildClient(built);
  await mkdir(folder);
  const npm = (...args: string[]) =>
    run('npm', args, { cwd: folder, env: { ...process.env, npm_config_cache: join(workplace, 'cache') } });
  const pack = async (from: string) => {
    const { stdout } = await npm('pack', from, '--json', '--ignore-scripts');
    const [packed] = Object.values(
      JSON.parse(stdout) as Record<string, { filename: string; files: InstalledClient['files'] }>,
    );
    return packed!;
  };
  const archive = await pack(built);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await npm('install', '--offline', '--no-audit', '--no-fund', join(folder, archive.filename));
  const inside = async (program: string, args: string[]) => {
    const { stdout } = await run(program, args, { cwd: folder, env: { PATH: process.env.PATH } }).catch(
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`${error.stdout}${error.stderr}`);
      },
    );
    return stdout;
  };
  return {
    folder,
    files: archive.files,
    write: (name, text) => writeFile(join(folder, name), text),
    node: (...args) => inside(process.execPath, args),
    tsc: (...args) => inside(process.execPath, [join(packageRoot(), 'node_modules/typescript/bin/tsc'), ...args]),
    remove: () => rm(workplace, { recursive: true, force: true }),
  };
}
