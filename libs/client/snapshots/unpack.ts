import type { Unpack } from '#libs/snapshot/world';

type Format = ConstructorParameters<typeof DecompressionStream>[0];

/** Unpacks with what the platform brings along; where it knows no brotli, the gzip twin of a delta is asked for instead. */
export function platformUnpack(): Unpack {
  const gzip: Unpack['gzip'] = (bytes, limit) => unpack('gzip', bytes, limit);
  return knows('brotli') ? { gzip, brotli: (bytes, limit) => unpack('brotli' as Format, bytes, limit) } : { gzip };
}

async function unpack(format: Format, bytes: Uint8Array<ArrayBuffer>, limit: number) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const whole = new Uint8Array(limit);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return whole.subarray(0, length);
    if (length + value.length > limit) {
      await reader.cancel();
      throw new RangeError(`It unpacks to more than the ${limit} bytes that were said.`);
    }
    whole.set(value, length);
    length += value.length;
  }
}

function knows(format: string): boolean {
  try {
    return Boolean(new DecompressionStream(format as Format));
  } catch {
    return false;
  }
}
