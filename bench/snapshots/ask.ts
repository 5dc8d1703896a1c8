import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A program that has nothing but the published package and a folder: how soon it answers its first question, every file verified, and
 * what that takes.
 */
const [bundled, folder, asked] = process.argv.slice(2) as [string, string, string];
enableCompileCache(join(bundled, 'compiled'));
const door = (name: string) => import(pathToFileURL(join(bundled, name)).href);
const [{ Offline, Snapshots }, { directoryStore }] = (await Promise.all([door('client.js'), door('node.js')])) as [
  typeof import('#libs/client/client'),
  typeof import('#libs/client/node'),
];
const loaded = performance.now();
const offline = new Offline(new Snapshots({ from: 'http://127.0.0.1:9/', store: directoryStore(folder) }));
const { answer } = await offline.resolve(asked);
const first = performance.now();
const { user, system } = process.cpuUsage();
const mb = (process.memoryUsage().rss / 2 ** 20).toFixed(0);
console.log(
  `first answer ${first.toFixed(0)} ms after the start of Node, ${(first - loaded).toFixed(0)} ms of them after loading (${((user + system) / 1000).toFixed(0)} ms of processors), ${mb} MB: ${'title' in answer ? answer.title : 'nothing'}`,
);
