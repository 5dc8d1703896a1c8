import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '#libs/config/package-root';
import { installPackages, missingPackages, prometheus } from './backing-services/programs.js';
import { startBackingServices } from './backing-services/start-backing-services.js';
import { helmTools } from './chart/helm.js';
import { Interrupted, interruption } from './interruption.js';

/** `npm test [-- what jest takes]`: every test against real servers, which are started before and removed after. */
const root = packageRoot();
const directory = join(root, '.cache', 'test');
const began = Date.now();
const say = (line: string) => console.log(line);

try {
  process.exitCode = await testAgainstServices(process.argv.slice(2), interruption());
} catch (error) {
  say((error as Error).message);
  if (!(error instanceof Interrupted)) say(closing({ passed: 0, failed: 0, skipped: 0 }));
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
}

async function testAgainstServices(args: string[], signal: AbortSignal): Promise<number> {
  if (missingPackages(prometheus).length > 0) await installPackages([prometheus], say);
  await helmTools(); // here, once: jest's workers would install them over each other
  say('starting PostgreSQL, RabbitMQ, Redis and S3 for the tests');
  const which = ['postgres', 'rabbitmq', 'redis', 's3'] as const;
  const services = await startBackingServices({ which, directory, say, signal });
  const started = Date.now();
  const results = join(directory, `jest-${process.pid}.json`);
  mkdirSync(directory, { recursive: true });
  let code: number;
  let tested: number;
  try {
    say(`running jest ${args.join(' ') || 'on everything'}`);
    code = await runJest(args, results, services.env, signal);
  } finally {
    tested = Date.now();
    await services.stop();
  }
  const counts = readCounts(results);
  if (counts.passed + counts.failed === 0) {
    say('No test ran: this is a failure.');
    code ||= 1;
  } else if (code !== 0 && counts.failed === 0)
    say(`jest ended with code ${code} although no test failed; it says why above.`);
  say(
    `services in ${seconds(began, started)}, tests in ${seconds(started, tested)}, all in ${seconds(began, Date.now())}`,
  );
  say(closing(counts));
  return code;
}

/** Gives jest's exit code. Interrupted, it has five seconds to end. */
async function runJest(
  args: string[],
  results: string,
  services: Record<string, string>,
  signal: AbortSignal,
): Promise<number> {
  const saysWorkers = args.some((arg) => /^(-w|-i$|--maxWorkers|--runInBand)/.test(arg));
  const own = ['--json', `--outputFile=${results}`, ...(saysWorkers ? [] : ['--maxWorkers=2'])];
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      ...args,
      ...own,
    ],
    // The JSON is in the file, and what people read goes to stderr, so stdout is not needed.
    { cwd: root, env: { ...process.env, ...services }, stdio: ['inherit', 'ignore', 'inherit'] },
  );
  const ended = new Promise<number>((end, fail) => {
    jest.once('error', fail);
    jest.once('exit', (code) => end(code ?? 1));
  });
  const interrupted = new Promise<'interrupted'>((tell) =>
    signal.addEventListener('abort', () => tell('interrupted'), { once: true }),
  );
  const code = await Promise.race([ended, interrupted]);
  if (code !== 'interrupted') return code;
  jest.kill('SIGTERM');
  await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
  jest.kill('SIGKILL');
  throw signal.reason;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A file that could not even be loaded counts as one failure. */
function readCounts(path: string): Counts {
  try {
    const results = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
    return {
      passed: results.numPassedTests ?? 0,
      failed: (results.numFailedTests ?? 0) + (results.numRuntimeErrorTestSuites ?? 0),
      skipped: (results.numPendingTests ?? 0) + (results.numTodoTests ?? 0),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }; // jest ended before it could write
  } finally {
    rmSync(path, { force: true });
  }
}

/** The last line, for people and for machines. */
function closing({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function seconds(from: number, to: number): string {
  return `${((to - from) / 1000).toFixed(1)} s`;
}
