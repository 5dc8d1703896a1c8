import type { ReadNodes } from './node.js';

/** Reads at once what several ask for in the same turn, or while another read is under way; each is given all that was read. */
export function readTogether(read: ReadNodes): ReadNodes {
  let next: { hashes: Set<string>; texts: ReturnType<ReadNodes> } | undefined;
  let underWay: Promise<unknown> = Promise.resolve();
  const begin = () => {
    const hashes = new Set<string>();
    const texts = underWay.then(() => {
      next = undefined;
      return read([...hashes]);
    });
    underWay = texts.catch(() => undefined);
    return { hashes, texts };
  };
  return (hashes) => {
    next ??= begin();
    for (const hash of hashes) next.hashes.add(hash);
    return next.texts;
  };
}
