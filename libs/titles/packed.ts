/** Numbers in three bytes each, little-endian, or in four where one of them needs it. */
export function pack(numbers: Uint32Array): Uint8Array {
  const width = numbers.every((number) => number < 1 << 24) ? 3 : 4;
  const packed = new Uint8Array(numbers.length * width);
  numbers.forEach((number, i) => {
    for (let byte = 0; byte < width; byte++) packed[i * width + byte] = number >>> (8 * byte);
  });
  return packed;
}

/** The i-th number of what `pack` packed in so many bytes each. */
export function readPacked(packed: Uint8Array, i: number, width: number): number {
  const at = i * width;
  const low = packed[at]! | (packed[at + 1]! << 8) | (packed[at + 2]! << 16);
  return width === 3 ? low : (low | (packed[at + 3]! << 24)) >>> 0;
}
