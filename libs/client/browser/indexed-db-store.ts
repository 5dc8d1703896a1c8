import { AppError } from '#libs/errors/app-error';
import type { SnapshotStore } from '../snapshots/snapshot-store.js';
import { answerTo, type Database, type IndexedDb, type Key, type Table, type WebLocks } from './indexed-db.js';

export interface IndexedDbOptions {
  /** The browser's own when absent. */
  indexedDB?: IndexedDb | undefined;
  locks?: WebLocks | undefined;
  /** How long to wait for another page that is syncing; a minute when absent. */
  wait_ms?: number | undefined;
}

/**
 * Keeps a snapshot in a database of the browser, which all pages and workers of an origin share and which outlasts them; each step
 * is one transaction that is on the disk when it returns. A browser without room or without a database is `unavailable`.
 */
export function indexedDbStore(name = 'evidverse-snapshots', options: IndexedDbOptions = {}): SnapshotStore {
  const { indexedDB, navigator } = globalThis as { indexedDB?: IndexedDb; navigator?: { locks?: WebLocks } };
  const factory = options.indexedDB ?? indexedDB;
  const locks = options.locks ?? navigator?.locks;
  if (!factory || !locks)
    throw new AppError(
      'unavailable',
      'There is no IndexedDB with locks here. It takes a browser, and a page over https.',
    );
  return new IndexedDbStore(name, factory, locks, options.wait_ms ?? 60_000);
}

/** `names` tells where in `contents` the bytes of a file are, so that a rename moves no bytes. */
const [NAMES, CONTENTS] = ['names', 'contents'];

class IndexedDbStore implements SnapshotStore {
  private opened: Promise<Database> | undefined;

  constructor(
    private readonly name: string,
    private readonly factory: IndexedDb,
    private readonly locks: WebLocks,
    private readonly wait_ms: number,
  ) {}

  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.within('readonly', async (names, contents) => {
      const at = await keyOf(names, name);
      return at === undefined ? undefined : ((await answerTo(contents.get(at))) as Uint8Array<ArrayBuffer>);
    });
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    // A view of a larger buffer would be kept with all of that.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    return this.within('readwrite', async (names, contents) => {
      const before = await keyOf(names, name);
      names.put(await answerTo(contents.add(own)), name);
      if (before !== undefined) contents.delete(before);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.within('readwrite', async (names, contents) => {
      const [moved, replaced] = [await keyOf(names, from), await keyOf(names, to)];
      if (moved === undefined) throw new Error(`There is no ${from} to rename.`);
      names.put(moved, to);
      names.delete(from);
      if (replaced !== undefined) contents.delete(replaced);
    });
  }

  remove(name: string): Promise<void> {
    return this.within('readwrite', async (names, contents) => {
      const at = await keyOf(names, name);
      if (at === undefined) return;
      names.delete(name);
      contents.delete(at);
    });
  }

  list(): Promise<string[]> {
    return this.within('readonly', async (names) => (await answerTo(names.getAllKeys())).map(String));
  }

  /** A lock of the browser: one page or worker at a time; it is free the moment its holder is gone. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    let isOurs = false;
    const patience = { signal: AbortSignal.timeout(this.wait_ms) };
    const held = this.locks.request(`evidverse:${this.name}`, patience, () => {
      isOurs = true;
      return work();
    });
    return held.catch((cause: unknown) => {
      if (isOurs) throw cause;
      throw new AppError(
        'unavailable',
        'Another page is syncing this snapshot. Try again when it is done.',
        undefined,
        {
          cause,
        },
      );
    });
  }

  /** Runs `work` in one transaction: all of it is kept, on the disk, or nothing is. */
  private async within<T>(
    mode: 'readonly' | 'readwrite',
    work: (names: Table, contents: Table) => Promise<T>,
  ): Promise<T> {
    try {
      const database = await (this.opened ??= this.open());
      const transaction = database.transaction([NAMES!, CONTENTS!], mode, { durability: 'strict' });
      const kept = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was given up.'));
      });
      const done = work(transaction.objectStore(NAMES!), transaction.objectStore(CONTENTS!)).catch((error: unknown) => {
        giveUp(transaction);
        throw error;
      });
      return (await Promise.all([done, kept]))[0];
    } catch (cause) {
      throw new AppError(
        'unavailable',
        `The database ${this.name} of this browser cannot be used: ${(cause as Error).message}`,
        { reason: (cause as Error).name },
        { cause },
      );
    }
  }

  private async open(): Promise<Database> {
    const opening = this.factory.open(this.name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(NAMES!);
      opening.result.createObjectStore(CONTENTS!, { autoIncrement: true });
    };
    const forget = () => (this.opened = undefined);
    const database = await answerTo(opening).catch((error: unknown) => {
      forget();
      throw error;
    });
    // A person who clears the data of a site is not kept waiting; the next question opens it anew.
    database.onclose = forget;
    database.onversionchange = () => {
      forget();
      database.close();
    };
    return database;
  }
}

const keyOf = async (names: Table, name: string): Promise<Key | undefined> =>
  (await answerTo(names.get(name))) as Key | undefined;

/** What has failed may be over by itself. */
function giveUp(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    return;
  }
}
