/**
 * The bytes of a file; `kept` when the host said that those of the last time still hold, so that none were sent, `unpacked` when it said
 * of a packed file how it is packed, so that what comes is what is in it.
 */
export type FileStream = AsyncIterable<Uint8Array> & { readonly kept?: true; readonly unpacked?: true };

/** Where snapshots come from, by path; undefined when there is no such file, an error when it cannot be had now. */
export interface SnapshotSource {
  open(path: string, signal: AbortSignal): Promise<FileStream | undefined>;
}

/** A folder of files of one's own. `write` returns when the bytes are safe, `rename` replaces at once and for good. */
export interface SnapshotDisk {
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  list(): Promise<string[]>;
  /** The same as `read`, with the SHA-256 of the bytes in hex, where that is quicker done while reading. */
  readHashed?(name: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; sha256: string } | undefined>;
  /** The file by place, each block compared with its hash before anybody reads it; undefined when it has another length. */
  readByPlace?(name: string, checks: BlockChecks): Promise<BytesByPlace | undefined>;
}

/** What the blocks of a file have to be: their length, that of the file, and the SHA-256 of each, one behind the other. */
export interface BlockChecks {
  length: number;
  block: number;
  hashes: Uint8Array;
}

/** Bytes that are not there until they are brought; `need` throws a DamagedFileError where they are not what they should be, or gone. */
export interface BytesByPlace {
  bytes: Uint8Array<ArrayBuffer>;
  need: (from: number, to: number) => void;
}

/** A file is no longer what it was when it was taken in. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

export interface SnapshotClock {
  now(): Date;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Unpacks gzip, and brotli where that is known, to at most `limit` bytes; more, or what is not packed so, is an error. */
export interface Unpack {
  gzip(bytes: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array<ArrayBuffer>>;
  brotli?(bytes: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface SnapshotWorld {
  source: SnapshotSource;
  disk: SnapshotDisk;
  clock: SnapshotClock;
  unpack: Unpack;
}

export const REFUSALS = [
  'signature',
  'rollback',
  'expired',
  'hash',
  'too_long',
  'too_slow',
  'malformed',
  'missing',
  'too_new',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Why what was offered is not taken; what was there before is still there. */
export class SnapshotRefusedError extends Error {
  override readonly name = 'SnapshotRefusedError';
  constructor(
    readonly reason: Refusal,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
