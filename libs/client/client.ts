/** The door of `@evidverse/client`: what runs in Node and in browsers alike. */
export { AppError, type ErrorCode } from '#libs/errors/app-error';
export { parseReleaseName } from '#libs/release-name/parse-release-name';
export type { Field, Form, ParsedName, Source } from '#libs/release-name/parsed-name';
export type { Kind, Root, Signature, Signed } from '#libs/snapshot/documents';
export type { SyncReport } from '#libs/snapshot/sync-snapshot';
export type { Traffic } from '#libs/snapshot/fetch-limited';
export type { HeldFile } from '#libs/snapshot/open-snapshot';
export {
  SnapshotRefusedError,
  type FileStream,
  type Refusal,
  type SnapshotClock,
  type SnapshotDisk,
  type SnapshotSource,
  type Unpack,
} from '#libs/snapshot/world';
export * from './answers.js';
export { cloudAt, type Cloud, type CloudOptions } from './hybrid/cloud.js';
export { Hybrid, type Because, type HybridAnswer, type HybridOptions } from './hybrid/hybrid.js';
export { Offline, type OfflineAnswer, type OfflineOptions, type SearchWish } from './offline/offline.js';
export { followSnapshots, type FollowOptions } from './snapshots/follow-snapshots.js';
export { httpSource, type HttpSourceOptions } from './snapshots/http-source.js';
export { memoryStore } from './snapshots/memory-store.js';
export { ANSWERING, parseRoot, Snapshots, type SnapshotAge, type SnapshotsOptions } from './snapshots/snapshots.js';
