import type { BuildAnswer, BuildQuestion } from './build-threads.js';
import { editAside } from './edit-pieces.js';
import { packAside } from './pack-pieces.js';
import { packedSome } from './packed-some.js';
import { changeAside } from './parts.js';
import { unpackAside } from './unpack-pieces.js';

/** What a thread that builds does. */
export function workAside({ what, asked }: BuildQuestion): BuildAnswer | Promise<BuildAnswer> {
  switch (what) {
    case 'pack':
      return packAside(asked);
    case 'edit':
      return editAside(asked);
    case 'unpack':
      return unpackAside(asked);
    case 'some':
      return packedSome(asked);
    case 'change':
      return changeAside(asked);
  }
}
