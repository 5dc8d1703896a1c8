import { DataSource } from 'typeorm';
import { connectionOptions } from '#libs/database/connection-options';
import { writeDocument as takeApart } from '#libs/timeline/objects/write-document';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { cacheOf, KeptNode, NodeCache } from './node-cache.js';
import { isTreeOf, readDocument, readDocuments, writeDocument } from './documents.js';
import { knownChanges } from './known-change.js';
import { ObjectEntity } from './object.entity.js';

let place: TestDatabase;
let database: DataSource;
/** The same database as another process sees it: nothing of it is remembered. */
let stranger: DataSource;

const open = () =>
  new DataSource({
    ...connectionOptions('projects', { DATABASE_URL: place.url, DATABASE_POOL_SIZE: 8 }, [ObjectEntity]),
  }).initialize();

beforeAll(async () => {
  place = await testDatabase();
  [database, stranger] = await Promise.all([open(), open()]);
});
afterAll(async () => {
  await Promise.all([database, stranger].map((each) => each.destroy()));
  await place.drop();
});

const count = async () =>
  (
    await database.query<{ objects: number; bytes: number; whole: number }[]>(
      `select count(*)::int as objects, coalesce(sum(length(body)), 0)::int as bytes, (count(*) filter (where base is null))::int as whole from objects`,
    )
  )[0]!;

function film(clips: number) {
  const items = Array.from({ length: clips }, (_, at) => [`item_${at}`, { id: `item_${at}`, start: at, duration: 1 }]);
  return {
    editorState: { timelineItems: Object.fromEntries(items) as Record<string, { duration: number }> },
    tags: ['a'],
  };
}

test('a document is kept once, and a hundred versions of it cost little more than one', async () => {
  const document = film(2000);
  let tree = await writeDocument(database.manager, document);
  const first = await count();
  expect(await writeDocument(database.manager, document)).toBe(tree);
  expect(await count()).toEqual(first);

  const trees = [tree];
  for (let version = 1; version <= 100; version++) {
    document.editorState.timelineItems[`item_${(version * 37) % 50}`]!.duration += version;
    trees.push((tree = await writeDocument(database.manager, document, { like: tree })));
    expect(tree).toBe(takeApart(document).tree);
  }
  const last = await count();
  expect(last.bytes - first.bytes).toBeLessThan(100 * 600);
  expect(await readDocument(stranger.manager, tree)).toEqual(document);
  const all = await readDocuments(stranger.manager, trees);
  all.forEach((each, at) => expect(takeApart(each).tree).toBe(trees[at]));
});

test('a version of a document in memory is told by what changed, and by one who remembers nothing in the end the same', async () => {
  const document = film(1200);
  const tree = await writeDocument(database.manager, document);
  document.editorState.timelineItems.item_7!.duration = 7;
  expect(await knownChanges(database.manager, tree, document)).toEqual([
    { path: ['editorState', 'timelineItems', 'item_7', 'duration'], value: 7 },
  ]);
  const another = await open();
  expect(await knownChanges(another.manager, tree, document)).toBeUndefined();
  expect(await isTreeOf(another.manager, tree, document)).toBe(false);
  const next = await writeDocument(database.manager, document, { like: tree });
  expect(await isTreeOf(another.manager, next, document)).toBe(true);
  expect(await isTreeOf(database.manager, next, document)).toBe(true);
  expect(await readDocument(another.manager, next)).toEqual(document);
  await another.destroy();
});

test('what a transaction took back is no base for what comes later', async () => {
  const document = film(600);
  const tree = await writeDocument(database.manager, document);
  document.editorState.timelineItems.item_1!.duration = 77;
  let lost = '';
  await database
    .transaction(async (manager) => {
      lost = await writeDocument(manager, document, { like: tree });
      throw new Error('taken back');
    })
    .catch(() => undefined);
  document.editorState.timelineItems.item_1!.duration = 78;
  const next = await writeDocument(database.manager, document, { like: lost });
  expect(await readDocument(stranger.manager, next).catch((error: Error) => error.message)).toEqual(document);
});

test('what collection has left without the version before it is kept anew by whoever comes to need it', async () => {
  const document = film(700);
  const before = await writeDocument(database.manager, document);
  document.editorState.timelineItems.item_5!.duration = 5;
  const tree = await writeDocument(database.manager, document, { like: before });
  const [, lost] = await database.query<[unknown[], number]>(
    `delete from objects where seq in (
       select b.base from objects b where b.base is not null and b.sha256 = decode($1, 'hex'))`,
    [tree],
  );
  expect(lost).toBe(1);
  await database.query(`update objects set touched_at = touched_at - interval '40 days'`);
  expect(await writeDocument(stranger.manager, document)).toBe(tree);
  const another = await open();
  expect(await readDocument(another.manager, tree)).toEqual(document);
  await another.destroy();
});

test('writers of the same document at once all succeed, and it is kept once', async () => {
  const document = film(1500);
  const trees = await Promise.all(
    Array.from({ length: 8 }, () =>
      database.transaction((manager) => writeDocument(manager, structuredClone(document))),
    ),
  );
  expect(new Set(trees).size).toBe(1);
  expect(await readDocument(stranger.manager, trees[0]!)).toEqual(document);
});

test('a document that is too long is refused with its size and the limit', async () => {
  await expect(writeDocument(database.manager, film(100), { longest: 1000 })).rejects.toMatchObject({
    code: 'invalid',
    details: { reason: 'too_large', limit: 1000 },
  });
});

test('the nodes used last are remembered, up to a limit', () => {
  const cache = new NodeCache(100);
  for (const hash of ['a', 'b', 'c']) cache.put(hash, KeptNode.ofText(hash.repeat(40)));
  expect(['a', 'b', 'c'].map((hash) => cache.get(hash) !== undefined)).toEqual([false, true, true]);
  cache.get('b');
  cache.put('d', KeptNode.ofText('d'));
  cache.put('e', KeptNode.ofText('e'.repeat(50)));
  expect(['b', 'c', 'e'].map((hash) => cache.get(hash) !== undefined)).toEqual([true, false, true]);
  expect(cacheOf(database)).toBe(cacheOf(database));
});
