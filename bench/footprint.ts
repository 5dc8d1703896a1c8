import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#libs/database/free-port';

/** The all-in-one process: seconds from start to ready (first and later), and its memory idle and after work, beside a bare Node process. */
const folder = mkdtempSync(join(tmpdir(), 'footprint-'));
chmodSync(folder, 0o755);
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

const memory = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
await new Promise((resolve) => setTimeout(resolve, 500));
const bareMemory = memory(bare.pid!);
bare.kill();

async function run(label: string, work?: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  const env = { PATH: process.env.PATH, DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'warn' };
  const platform = spawn(process.execPath, ['--enable-source-maps', 'dist/services/local/main.js'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  platform.once('exit', (code) => code && process.exit(code));
  while (
    !(await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    ))
  )
    await new Promise((resolve) => setTimeout(resolve, 20));
  const seconds = (performance.now() - begun) / 1000;
  await work?.();
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const mb = memory(platform.pid!);
  console.log(
    `${label.padEnd(28)} ${seconds.toFixed(1).padStart(8)} s ${mb.toFixed(0).padStart(8)} MB ${(mb / bareMemory).toFixed(1).padStart(6)} × bare Node`,
  );
  platform.kill('SIGTERM');
  await new Promise((resolve) => platform.once('exit', resolve));
}

async function requests(): Promise<void> {
  for (let round = 0; round < 40; round++)
    await Promise.all(
      Array.from({ length: 50 }, () => fetch(`${url}/api/v1/projects/feed`).then((answer) => answer.text())),
    );
}

console.log(`\n${'all-in-one process'.padEnd(28)} ${'ready in'.padStart(10)} ${'resident'.padStart(11)}`);
await run('first start (makes database)');
await run('later start, idle');
await run('after 2,000 requests', requests);
rmSync(folder, { recursive: true, force: true });
