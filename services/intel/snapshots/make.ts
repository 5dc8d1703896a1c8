import { KEY_VERSION } from '#libs/titles/fold';
import { FORMAT } from '#libs/titles/sections';

/** Another one when the same catalogue makes other files than before: then nothing is built on what was published last, nor kept of it. */
export const MAKE = `7.${FORMAT}.${KEY_VERSION}`;
