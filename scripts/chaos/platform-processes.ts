import { freePort } from '#libs/database/free-port';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';

/** The processes that a drill may kill, by their entries. */
export const ENTRIES = {
  gateway: 'gateway/main',
  projects: 'projects/main',
  media: 'media/main',
  tasks: 'tasks/main',
  'tasks-worker': 'tasks/worker',
  'second worker': 'tasks/worker',
} as const;
export type ProcessName = keyof typeof ENTRIES;

/** The platform as processes of its own, each of which can be killed and comes back. */
export class PlatformProcesses {
  private readonly running = new Map<ProcessName, ServiceProcess>();
  private isStopping = false;

  private constructor(
    readonly url: string,
    private readonly port: number,
    private readonly environment: Record<string, string>,
  ) {}

  static async start(environment: Record<string, string>): Promise<PlatformProcesses> {
    const port = await freePort();
    const platform = new PlatformProcesses(`http://127.0.0.1:${port}`, port, environment);
    for (const name of Object.keys(ENTRIES) as ProcessName[]) platform.keepUp(name);
    await eventually(async () => (await fetch(`${platform.url}/readyz`)).ok, 90_000);
    return platform;
  }

  /** Kills a process as a power cut would; another takes its place at once. */
  kill(name: ProcessName): void {
    this.running.get(name)?.signal('SIGKILL');
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const all = [...this.running.values()];
    for (const one of all) one.signal('SIGKILL');
    await Promise.all(all.map(({ ended }) => ended));
  }

  private keepUp(name: ProcessName): void {
    const port = name === 'gateway' ? { PORT: String(this.port) } : {};
    const started = serviceProcess(ENTRIES[name], { ...this.environment, ...port });
    this.running.set(name, started);
    void started.ended.then(() => {
      if (!this.isStopping) setTimeout(() => this.isStopping || this.keepUp(name), 200);
    });
  }
}
