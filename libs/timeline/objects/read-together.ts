import type { ReadNodes } from './node.js';

/** Reads at once what several ask for in the same turn; each is given all that was read. */
export function readTogether(read: ReadNodes): ReadNodes {
  let next: { hashes: Set<string>; texts: ReturnType<ReadNodes> } | undefined;
  const begin = () => {
    const hashes = new Set<string>();
    const texts = Promise.resolve().then(() => {
      next = undefined;
      return read([...hashes]);
    });
    return { hashes, texts };
  };
  return (hashes) => {
    next ??= begin();
    for (const hash of hashes) next.hashes.add(hash);
    return next.texts;
  };
}
