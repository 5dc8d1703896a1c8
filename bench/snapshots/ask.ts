import { directoryStore } from '#libs/client/node/directory-store';
import { Offline } from '#libs/client/offline/offline';
import { Snapshots } from '#libs/client/snapshots/snapshots';

/** A program that has nothing but a folder: how soon it answers its first question, every file verified, and what that takes. */
const loaded = performance.now();
const [folder, asked] = process.argv.slice(2) as [string, string];
const offline = new Offline(new Snapshots({ from: 'http://127.0.0.1:9/', store: directoryStore(folder) }));
const { answer } = await offline.resolve(asked);
const first = performance.now();
const { user, system } = process.cpuUsage();
const mb = (process.memoryUsage().rss / 2 ** 20).toFixed(0);
console.log(
  `first answer ${(first - loaded).toFixed(0)} ms after loading, ${first.toFixed(0)} ms after its beginning (${((user + system) / 1000).toFixed(0)} ms of processors), ${mb} MB: ${'title' in answer ? answer.title : 'nothing'}`,
);
