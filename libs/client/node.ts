/** The door `@evidverse/client/node`: what needs a file system besides. */
export { directoryStore } from './node/directory-store.js';
export { VABHUB_KINDS, writeVabHubFiles, type VabHubReport } from './node/vabhub-files.js';
