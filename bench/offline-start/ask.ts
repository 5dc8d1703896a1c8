import { directoryStore } from '#libs/client/node/directory-store';
import { Offline } from '#libs/client/offline/offline';
import { Snapshots } from '#libs/client/snapshots/snapshots';

const loaded = performance.now();
const [folder, asked] = process.argv.slice(2) as [string, string];
const offline = new Offline(new Snapshots({ from: 'http://127.0.0.1:9/', store: directoryStore(folder) }));
const { answer } = await offline.resolve(asked);
const first = performance.now();
await offline.resolve(asked);
const second = performance.now();
const { rss } = process.memoryUsage();
const ms = (value: number) => `${value.toFixed(0)} ms`;
console.log(
  `first answer ${ms(first - loaded)} after loading (${ms(first)} after the process began), next ${(second - first).toFixed(2)} ms, ${(rss / 2 ** 20).toFixed(0)} MB: ${'title' in answer ? answer.title : 'nothing'}`,
);
