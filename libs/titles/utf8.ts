const decoder = new TextDecoder();

/** The text between two places of a UTF-8 heap; short ones are read here, which is quicker than a call of TextDecoder. */
export function readText(heap: Uint8Array, from: number, to: number): string {
  if (to - from > 120) return decoder.decode(heap.subarray(from, to));
  let text = '';
  let at = from;
  while (at < to) {
    const byte = heap[at++]!;
    if (byte < 0x80) text += String.fromCharCode(byte);
    else if (byte < 0xe0) text += String.fromCharCode(((byte & 0x1f) << 6) | (heap[at++]! & 0x3f));
    else if (byte < 0xf0) {
      text += String.fromCharCode(((byte & 0x0f) << 12) | ((heap[at]! & 0x3f) << 6) | (heap[at + 1]! & 0x3f));
      at += 2;
    } else {
      text += String.fromCodePoint(
        ((byte & 0x07) << 18) | ((heap[at]! & 0x3f) << 12) | ((heap[at + 1]! & 0x3f) << 6) | (heap[at + 2]! & 0x3f),
      );
      at += 3;
    }
  }
  return text;
}
