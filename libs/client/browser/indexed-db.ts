/** What of a browser's IndexedDB is used here, so that who takes the package needs no other types for it. */
export interface IndexedDb {
  open(name: string, version: number): Opening;
}

export interface Asked<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
}

export interface Opening extends Asked<Database> {
  onupgradeneeded: ((event: never) => unknown) | null;
}

export interface Database {
  createObjectStore(name: string, options?: { autoIncrement: boolean }): unknown;
  transaction(stores: string[], mode: 'readonly' | 'readwrite', options: { durability: 'strict' }): Transaction;
  close(): void;
  onclose: ((event: never) => unknown) | null;
  onversionchange: ((event: never) => unknown) | null;
}

export interface Transaction {
  readonly error: Error | null;
  objectStore(name: string): Table;
  abort(): void;
  oncomplete: ((event: never) => unknown) | null;
  onabort: ((event: never) => unknown) | null;
}

export interface Table {
  get(key: Key): Asked<unknown>;
  getAllKeys(): Asked<Key[]>;
  add(value: unknown): Asked<Key>;
  put(value: unknown, key: Key): Asked<Key>;
  delete(key: Key): Asked<unknown>;
}

export type Key = string | number;

/** What of the Web Locks is used. */
export interface WebLocks {
  request<T>(name: string, options: { signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

/** The answer to a question within a transaction. */
export function answerTo<T>(asked: Asked<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('IndexedDB failed.'));
  });
}
