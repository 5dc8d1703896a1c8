import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { startBackingServices } from './backing-services/start-backing-services.js';
import { interruption } from './interruption.js';

/** `npm run bench -- broker-hop`: one benchmark against real servers, which are started before and removed after. */
const root = packageRoot();
const folder = join(root, 'dist', 'bench');
const [name = '', ...args] = process.argv.slice(2);
const entry = join(folder, `${name}.js`);

if (name === '' || !existsSync(entry)) {
  const known = readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3));
  console.log(`Which one? npm run bench -- ${known.join(' | ')}`);
  process.exit(1);
}

const services = await startBackingServices({
  which: ['postgres', 'rabbitmq', 'redis'],
  directory: join(root, '.cache', 'bench'),
  say: (line) => console.log(line),
  signal: interruption(),
});
try {
  const bench = spawn(process.execPath, ['--enable-source-maps', '--expose-gc', entry, ...args], {
    cwd: root,
    env: { ...process.env, ...services.env },
    stdio: 'inherit',
  });
  process.exitCode = await new Promise<number>((resolve) => bench.once('exit', (code) => resolve(code ?? 1)));
} finally {
  await services.stop();
}
