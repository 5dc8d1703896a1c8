/** An index as it is posted from the thread that made it: its bytes are not copied. */
export function givenAway<Index extends { bytes: Uint8Array }>(index: Index): [Index, ArrayBuffer[]] {
  const { bytes } = index;
  const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  return [{ ...index, bytes: whole }, [whole.buffer as ArrayBuffer]];
}
