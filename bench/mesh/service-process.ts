import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '#libs/config/package-root';
import { freePort } from '#libs/database/free-port';

/** The mesh as a process of its own, with its door open. */
export interface MeshProcess {
  readonly port: number;
  /** Memory that it holds, in MB. */
  memory(): number;
  stop(): Promise<void>;
}

/** The key that every node of the benchmarks shows. */
export const KEY = 'the key of the benchmark';

/** Starts a mesh on a database, and waits until it answers. */
export async function startMesh(databaseUrl: string, settings: Record<string, string> = {}): Promise<MeshProcess> {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [join(packageRoot(), 'dist/services/mesh/main.js')], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      RABBITMQ_URL: 'in-process:bench',
      LOG_LEVEL: 'fatal',
      SECRET_KEY: KEY,
      NETWORK_SHARED_KEY: KEY,
      MESH_PORT: String(port),
      // Limits are counted as always, and lie above what one address of the benchmark asks.
      MESH_ADDRESS_PER_MINUTE: '10000000',
      MESH_NODE_PER_MINUTE: '10000000',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while ((await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))?.ok !== true) await sleep(100);
  return {
    port,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    stop: async () => {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    },
  };
}
