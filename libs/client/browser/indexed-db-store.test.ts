import { IDBFactory } from 'fake-indexeddb';
import { indexedDbStore } from './indexed-db-store.js';
import type { IndexedDb } from './indexed-db.js';

const browser = () => new IDBFactory() as unknown as IndexedDb;
const bytes = (...values: number[]) => new Uint8Array(values);

test('what is written is there for the next page, under its newest name, and nothing else is', async () => {
  const indexedDB = browser();
  const store = indexedDbStore('a', { indexedDB });
  await store.write('file.new', bytes(1, 2, 3));
  await store.write('old', bytes(9));
  await store.rename('file.new', 'file');
  await store.write('other', bytes(4));
  await store.rename('other', 'old');
  await store.write('old', bytes(5));
  const next = indexedDbStore('a', { indexedDB });
  expect((await next.list()).sort()).toEqual(['file', 'old']);
  expect([...(await next.read('file'))!]).toEqual([1, 2, 3]);
  expect([...(await next.read('old'))!]).toEqual([5]);
  expect([await next.read('file.new'), await next.read('other')]).toEqual([undefined, undefined]);
  await next.remove('file');
  await next.remove('file');
  expect(await store.list()).toEqual(['old']);
  expect(await indexedDbStore('b', { indexedDB }).list()).toEqual([]);
});

test('no bytes are left behind by what was replaced, renamed over or removed', async () => {
  const indexedDB = browser() as unknown as InstanceType<typeof IDBFactory>;
  const store = indexedDbStore('a', { indexedDB: indexedDB as never });
  for (let n = 0; n < 3; n++) {
    await store.write('file.new', bytes(n));
    await store.rename('file.new', 'file');
    await store.write('twice', bytes(n));
  }
  await store.remove('twice');
  expect(await counted(indexedDB, 'a')).toBe(1);
});

test('a view keeps only what it shows', async () => {
  const store = indexedDbStore('a', { indexedDB: browser() });
  await store.write('part', new Uint8Array(1_000_000).subarray(10, 12));
  expect((await store.read('part'))!.buffer.byteLength).toBe(2);
});

test('a rename of what is not there fails and changes nothing', async () => {
  const store = indexedDbStore('a', { indexedDB: browser() });
  await store.write('to', bytes(1));
  await expect(store.rename('from', 'to')).rejects.toMatchObject({ code: 'unavailable' });
  expect([...(await store.read('to'))!]).toEqual([1]);
});

test('when a person clears the data of the site, the next question finds an empty store', async () => {
  const indexedDB = browser() as unknown as InstanceType<typeof IDBFactory>;
  const store = indexedDbStore('a', { indexedDB: indexedDB as never });
  await store.write('file', bytes(1));
  await new Promise((resolve) => (indexedDB.deleteDatabase('a').onsuccess = resolve));
  expect(await store.list()).toEqual([]);
  await store.write('file', bytes(2));
  expect([...(await store.read('file'))!]).toEqual([2]);
});

test('a browser that gives no room, or no database, is told of as unavailable', async () => {
  const refuses = {
    open: () => {
      throw new DOMException('no', 'SecurityError');
    },
  } as unknown as IndexedDb;
  await expect(indexedDbStore('a', { indexedDB: refuses }).list()).rejects.toMatchObject({
    code: 'unavailable',
    details: { reason: 'SecurityError' },
  });
  expect(() => indexedDbStore()).toThrow(expect.objectContaining({ code: 'unavailable' }));
});

test('two pages that sync at once do so one after the other; who waits too long says so', async () => {
  const indexedDB = browser();
  const pages = [0, 1, 2].map(() => indexedDbStore('a', { indexedDB }));
  const impatient = indexedDbStore('a', { indexedDB, wait_ms: 100 });
  let inside = 0;
  const work = async () => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
  };
  await Promise.all(pages.map((page) => page.alone!(work)));
  await pages[0]!.alone!(async () => {
    await expect(impatient.alone!(work)).rejects.toMatchObject({ code: 'unavailable' });
    await indexedDbStore('b', { indexedDB }).alone!(work);
  });
  await expect(pages[0]!.alone!(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
});

/** How many contents a database keeps. */
function counted(indexedDB: InstanceType<typeof IDBFactory>, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = reject;
    opening.onsuccess = () => {
      const asked = opening.result.transaction('contents').objectStore('contents').count();
      asked.onsuccess = () => resolve(asked.result);
    };
  });
}
