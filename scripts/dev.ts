import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '#libs/config/package-root';
import { isRunning } from './backing-services/process-identity.js';
import { Workplace } from './backing-services/workplace.js';
import { changedFiles } from './dev/changed-files.js';
import { ServiceProcess } from './dev/service-process.js';
import { sharedServices, type SharedServices } from './dev/shared-services.js';
import { Interrupted, interruption } from './interruption.js';

/** `npm run dev [service …]`: the services, each in its own process, started anew when their code changes. */
const SERVICES = {
  gateway: { entry: 'gateway/main.js', opsPort: 9100 },
  projects: { entry: 'projects/main.js', opsPort: 9101 },
  media: { entry: 'media/main.js', opsPort: 9102 },
  tasks: { entry: 'tasks/main.js', opsPort: 9103 },
  'tasks-worker': { entry: 'tasks/worker.js', opsPort: 9104 },
  mesh: { entry: 'mesh/main.js', opsPort: 9105 },
  intel: { entry: 'intel/main.js', opsPort: 9106 },
};
type Name = keyof typeof SERVICES;

const root = packageRoot();
const dist = join(root, 'dist');
const directory = join(root, '.cache', 'dev');
const say = (line: string) => console.log(line);

const known = Object.keys(SERVICES) as Name[];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name as Name));
if (unknown.length > 0) {
  say(`There is no service ${unknown.join(', ')}. These are known: ${known.join(', ')}.`);
  process.exit(1);
}
try {
  await develop(
    known.filter((name) => wanted.length === 0 || wanted.includes(name)),
    interruption(),
  );
} catch (error) {
  say((error as Error).message);
  process.exit(error instanceof Interrupted ? error.exitCode : 1);
}

/** Runs until it is interrupted; then the services end first, and what stands behind them after. */
async function develop(names: Name[], signal: AbortSignal): Promise<never> {
  const shared = await sharedServices({ directory, say, signal });
  const workplace = new Workplace(directory, signal, say);
  const compiler = shared.owner === undefined ? compile(workplace) : undefined;
  const processes = new Map<Name, ServiceProcess>();
  try {
    say('migrating the database');
    execFileSync(process.execPath, ['--enable-source-maps', join(dist, 'scripts/migrate.js')], {
      env: { ...process.env, ...shared.env },
      stdio: 'inherit',
    });
    for (const name of names) processes.set(name, serviceProcess(name, shared, workplace));
    await Promise.all([...processes.values()].map((service) => service.restart()));
    say(addresses(names));
    return await followChanges(processes, shared, signal);
  } finally {
    say('stopping the services');
    await Promise.all([...processes.values()].map((service) => service.stop()));
    compiler?.kill();
    await workplace.close();
    await shared.stop();
  }
}

async function followChanges(
  processes: Map<Name, ServiceProcess>,
  { owner }: SharedServices,
  signal: AbortSignal,
): Promise<never> {
  const changed = changedFiles(dist);
  for (;;) {
    await sleep(300, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
    if (owner !== undefined && !isRunning(owner))
      throw new Error(
        `Process ${owner.pid}, whose backing services these were, has ended. Start again to have new ones.`,
      );
    let files = changed();
    if (files.length === 0) continue;
    for (let more = files; more.length > 0; files = [...files, ...more]) {
      await sleep(200); // one save often compiles several files
      more = changed();
    }
    for (const [name, service] of processes) {
      if (!files.some((file) => concerns(file, name))) continue;
      say(`${name} | starting anew`);
      void service.restart();
    }
  }
}

/** What all share concerns all; the rest concerns the service in whose folder it is. */
function concerns(file: string, name: Name): boolean {
  const [folder] = SERVICES[name].entry.split('/');
  return file.startsWith('libs/') || file.startsWith(`services/${folder}/`);
}

function serviceProcess(name: Name, shared: SharedServices, workplace: Workplace): ServiceProcess {
  const { entry, opsPort } = SERVICES[name];
  const environment = {
    SECRET_KEY: secretKey(),
    DATA_DIR: join(directory, 'data'),
    ...(name === 'gateway' ? { PORT: '8000' } : {}),
    ...process.env,
    ...shared.env,
    APP_MODE: 'local',
    OPS_PORT: String(opsPort),
  };
  const longest = Math.max(...known.map(({ length }) => length));
  return new ServiceProcess({
    name: name.padEnd(longest),
    entry: join(dist, 'services', entry),
    environment,
    say,
    onStart: (pid) => workplace.remember(pid),
  });
}

/** The same for all services and from run to run, so that who was signed in stays so. */
function secretKey(): string {
  const file = join(directory, 'secret-key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** Compiles what is saved; only its complaints are shown. */
function compile(workplace: Workplace) {
  const compiler = spawn(
    process.execPath,
    [
      'node_modules/@swc/cli/bin/swc.js',
      'services',
      'libs',
      'scripts',
      '--ignore',
      '**/*.test.ts',
      '-d',
      'dist',
      '--watch',
      '-q',
    ],
    { cwd: root, detached: true, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (compiler.pid !== undefined) workplace.remember(compiler.pid);
  return compiler;
}

function addresses(names: Name[]): string {
  const doors = names.map((name) => `${name} http://127.0.0.1:${SERVICES[name].opsPort}/readyz`);
  if (names.includes('gateway')) doors.unshift(`the API is on http://127.0.0.1:${process.env.PORT ?? '8000'}`);
  return `${doors.join('\n')}\nCtrl-C ends everything; what you save is compiled and started anew.`;
}
