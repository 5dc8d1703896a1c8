import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import type { Environment } from '#libs/config/read-config';

export interface ServiceProcess {
  readonly output: () => string;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Runs a built entry (`projects/main`) as a process of its own, exactly as in a cluster; the build must be there. */
export function serviceProcess(entry: string, environment: Environment): ServiceProcess {
  const { PATH, HOME } = process.env;
  const child: ChildProcess = spawn(
    process.execPath,
    ['--enable-source-maps', join('dist', 'services', `${entry}.js`)],
    {
      cwd: packageRoot(),
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => {
      // Its last words may still be in the pipe, which a child of its own can hold open for ever.
      const give = () => resolve(signal ?? code ?? 1);
      const patience = setTimeout(give, 2000);
      child.once('close', () => {
        clearTimeout(patience);
        give();
      });
    }),
  );
  return { output: () => output, signal: (name) => child.kill(name), ended };
}

/** Asks again until `ask` gives something true, for at most `ms`: only a product that is broken comes so far, not a machine that is slow. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>, ms = 180_000): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + ms; Date.now() < end;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It did not come to pass in ${ms} ms.`, { cause: last });
}
