import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServiceProcessOptions {
  name: string;
  entry: string;
  environment: NodeJS.ProcessEnv;
  say: (line: string) => void;
  /** Told of every process that is started, so that it can be ended if we are killed. */
  onStart: (pid: number) => void;
}

/** One service as a child of this process: its lines carry its name, and it can be started anew. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: ServiceProcessOptions) {}

  /** Ends the running one, if any, and starts the compiled code as it is now. */
  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      this.start();
    });
  }

  /** SIGTERM, and after ten seconds by force. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    return (this.turn = this.turn.then(step));
  }

  private start(): void {
    const { name, entry, environment, say, onStart } = this.options;
    // Its own process group: Ctrl-C in a terminal is for us, who end the services in order.
    const child = spawn(process.execPath, ['--enable-source-maps', entry], {
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => say(`${name} | ${line}`));
    child.once('error', (error) => say(`${name} | cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (this.child !== child) return;
      this.child = undefined;
      say(`${name} | ended with ${signal ?? `code ${code}`}; it starts again when its code changes`);
    });
    this.child = child;
    if (child.pid !== undefined) onStart(child.pid);
  }

  private async end(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const patience = new AbortController();
    child.once('exit', () => patience.abort());
    child.kill('SIGTERM');
    await sleep(10_000, undefined, { signal: patience.signal }).then(
      () => {
        this.options.say(`${this.options.name} | did not end within 10 s: ending it by force`);
        child.kill('SIGKILL');
      },
      () => {},
    );
  }
}
