/** The door of `@evidverse/client`: what runs in Node and in browsers alike. */
export { parseReleaseName } from '#libs/release-name/parse-release-name';
export type { Field, Form, ParsedName, Source } from '#libs/release-name/parsed-name';
export { AppError, type ErrorCode } from '#libs/errors/app-error';
export {
  SnapshotRefusedError,
  type FileStream,
  type Refusal,
  type SnapshotDisk,
  type SnapshotSource,
} from '#libs/snapshot/world';
export { httpSource, type HttpSourceOptions } from './snapshots/http-source.js';
export { memoryStore } from './snapshots/memory-store.js';
