import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../scripts/client/bundle.js';

/** What a command did: its exit code, and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as it is published, in a folder where nothing else of this repository is. */
export interface BuiltCommand {
  readonly folder: string;
  /** One person at one machine: commands run in `cwd`, credentials are kept in a home of their own. */
  person(name: string, server: string): Person;
  remove(): void;
}

export interface Person {
  readonly home: string;
  run(cwd: string, args: readonly string[], more?: { input?: string; env?: Record<string, string> }): Promise<Ran>;
  start(cwd: string, args: readonly string[], input?: string): Started;
  /** Runs a line of a shell in which `evidverse` is the command. */
  shell(cwd: string, line: string): Promise<Ran>;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  readonly said: () => string;
}

/** Bundles the command from the sources as they are. */
export async function buildCommand(): Promise<BuiltCommand> {
  const folder = mkdtempSync(join(tmpdir(), 'evidverse-command-'));
  await bundle(folder);
  const shim = join(folder, 'evidverse');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${join(folder, 'evidverse.js')}' "$@"\n`);
  chmodSync(shim, 0o755);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return {
    folder,
    person: (name, server) => person(folder, name, server),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function person(folder: string, name: string, server: string): Person {
  const home = join(folder, `home-${name}`);
  const environment = {
    PATH: `${folder}:${process.env.PATH}`,
    HOME: home,
    EVIDVERSE_HOME: home,
    ...(server !== '' && { EVIDVERSE_SERVER: server }),
  };
  const launch = (program: string, args: readonly string[], cwd: string, input = '', env = {}): Started => {
    const child = spawn(program, args, { cwd, env: { ...environment, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
    return { child, ended, said: () => out + err };
  };
  const command = [join(folder, 'evidverse.js')];
  return {
    home,
    run: (cwd, args, { input, env } = {}) => launch(process.execPath, [...command, ...args], cwd, input, env).ended,
    start: (cwd, args, input) => launch(process.execPath, [...command, ...args], cwd, input),
    shell: (cwd, line) => launch('/bin/sh', ['-c', line], cwd).ended,
  };
}

/** Reads a JSON file of a working copy. */
export const readJson = (path: string): unknown =>
  existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
