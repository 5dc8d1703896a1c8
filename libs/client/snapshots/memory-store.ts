import type { SnapshotStore } from './snapshot-store.js';

/** Keeps a snapshot as long as the program runs: for a browser without a place of its own, and for tests. */
export function memoryStore(): SnapshotStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    read: (name) => Promise.resolve(files.get(name)),
    write: (name, bytes) => Promise.resolve(void files.set(name, new Uint8Array(bytes))),
    rename: (from, to) => {
      const bytes = files.get(from);
      if (!bytes) return Promise.reject(new Error(`There is no ${from} to rename.`));
      files.set(to, bytes);
      files.delete(from);
      return Promise.resolve();
    },
    remove: (name) => Promise.resolve(void files.delete(name)),
    list: () => Promise.resolve([...files.keys()]),
  };
}
