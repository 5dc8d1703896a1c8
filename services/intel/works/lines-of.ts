/** A line without its end, or undefined where it is too long; and how many bytes it takes, its end included. */
export interface Line {
  text: string | undefined;
  bytes: number;
}

const NEWLINE = 10;

/** The lines of a stream of UTF-8, counted to the byte. One of more than `most` bytes is passed over and never held, however long it is. */
export async function* linesOf(source: AsyncIterable<Buffer>, most: number): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer) => {
    bytes += part.length;
    if (bytes > most + 1) held = [];
    else held.push(part);
  };
  const ended = (): Line => {
    const whole = Buffer.concat(held);
    const line = { text: bytes > most + 1 ? undefined : whole.toString('utf8').replace(/\n$/, ''), bytes };
    [held, bytes] = [[], 0];
    return line;
  };
  for await (let chunk of source) {
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE)) {
      add(chunk.subarray(0, end + 1));
      yield ended();
      chunk = chunk.subarray(end + 1);
    }
    add(chunk);
  }
  if (bytes > 0) yield ended();
}
