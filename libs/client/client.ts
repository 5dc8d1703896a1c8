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
export { indexedDbStore, type IndexedDbOptions } from './browser/indexed-db-store.js';
export * from './answers.js';
export { connect, senderFor, type Api, type ApiOptions } from './api/api.js';
export { ApiError } from './api/api-error.js';
export { bearer, stranger, type Credentials } from './api/credentials.js';
export { follow, followTask, type Told } from './api/follow.js';
export { eachFrom, eachOf, type Page } from './api/pages.js';
export { sessionCredentials, signIn, tokensInMemory, type Tokens, type TokenStore } from './api/session.js';
export type { AnswerOf, Wish } from './api/typed-calls.js';
export { uploadFile, type Upload, type UploadOptions } from './api/upload.js';
export { Hybrid, type Because, type HybridAnswer, type HybridOptions } from './hybrid/hybrid.js';
export { Offline, type OfflineAnswer, type OfflineOptions, type SearchWish } from './offline/offline.js';
export { followSnapshots, type FollowOptions } from './snapshots/follow-snapshots.js';
export { httpSource, type HttpSourceOptions } from './snapshots/http-source.js';
export { memoryStore } from './snapshots/memory-store.js';
export type { SnapshotStore } from './snapshots/snapshot-store.js';
export { ANSWERING, parseRoot, Snapshots, type SnapshotAge, type SnapshotsOptions } from './snapshots/snapshots.js';
export {
  CrawlFailure,
  CrawlHandedBack,
  type Crawl,
  type CrawlJob,
  type CrawlResult,
  type SeenRelease,
  type CrawlTools,
} from './worker/crawl.js';
export { LeaseLost } from './worker/held-lease.js';
export type { NodeIdentity, SecretStore } from './worker/node-credentials.js';
export { runWorker, type WorkerOptions } from './worker/run-worker.js';
export type { WorkerNews } from './worker/worker-news.js';
