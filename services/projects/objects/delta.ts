/** How far two texts that went apart are searched for a place where they are one again, and how much must agree there. */
const REACH = 2048;
const AGREEING = 12;
const STRIDE = 6;
/** More new bytes than this are for a real compressor. */
const MOST_NEW = 2048;

/**
 * What makes one text another: pieces of (so many bytes taken over, so many left out, so many new ones, these), and the rest
 * of the first text is taken over. Null when too much is new for that to be a short way to say it.
 */
export function deltaOf(base: Buffer, text: Buffer): Buffer | null {
  const tail = commonTail(base, text);
  const [baseEnd, textEnd] = [base.length - tail, text.length - tail];
  const pieces: Buffer[] = [];
  let added = 0;
  for (let at = 0, from = 0; at < textEnd || from < baseEnd;) {
    const same = commonHead(base.subarray(from, baseEnd), text.subarray(at, textEnd));
    const [left, fresh] = meet(base.subarray(from + same, baseEnd), text.subarray(at + same, textEnd));
    const begin = at + same;
    if ((added += fresh) > MOST_NEW) return null;
    pieces.push(numbers(same, left, fresh), text.subarray(begin, begin + fresh));
    at = begin + fresh;
    from += same + left;
  }
  return Buffer.concat(pieces);
}

/** The text that a base becomes by a delta. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < delta.length;) {
    const read = () => {
      let number = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = delta[at++]!;
        number += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) return number;
      }
    };
    const [same, left, fresh] = [read(), read(), read()];
    pieces.push(base.subarray(from, from + same), delta.subarray(at, at + fresh));
    from += same + left;
    at += fresh;
  }
  pieces.push(base.subarray(from));
  return Buffer.concat(pieces);
}

/** How much of either is passed over until they agree again: all that is left, if that is not near. */
function meet(base: Buffer, text: Buffer): [left: number, fresh: number] {
  const near = base.subarray(0, REACH);
  const until = Math.min(text.length - AGREEING, REACH);
  for (let at = 0; at <= until; at += STRIDE) {
    const found = near.indexOf(text.subarray(at, at + AGREEING));
    if (found < 0) continue;
    const back = commonTail(base.subarray(0, found), text.subarray(0, at));
    return [found - back, at - back];
  }
  return [base.length, text.length];
}

function commonHead(one: Buffer, other: Buffer): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  for (; at + BLOCK <= most; at += BLOCK) if (one.compare(other, at, at + BLOCK, at, at + BLOCK) !== 0) break;
  while (at < most && one[at] === other[at]) at++;
  return at;
}

function commonTail(one: Buffer, other: Buffer): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  for (; length + BLOCK <= most; length += BLOCK) {
    const [end, otherEnd] = [one.length - length, other.length - length];
    if (one.compare(other, otherEnd - BLOCK, otherEnd, end - BLOCK, end) !== 0) break;
  }
  while (length < most && one[one.length - length - 1] === other[other.length - length - 1]) length++;
  return length;
}

const BLOCK = 256;

function numbers(...all: number[]): Buffer {
  const bytes: number[] = [];
  for (let number of all) {
    for (; number >= 0x80; number = Math.floor(number / 0x80)) bytes.push((number % 0x80) | 0x80);
    bytes.push(number);
  }
  return Buffer.from(bytes);
}
