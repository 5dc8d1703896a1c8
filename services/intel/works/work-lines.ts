import { WorkLine } from '#libs/contracts/intel-works';
import { linesOf, type Line } from './lines-of.js';

const LONGEST_LINE = 1_000_000;

/** A line of an import, counted from 1 and to the byte: a work, why it is refused, or neither where it is empty. */
export interface ReadLine {
  line: number;
  bytes: number;
  work?: WorkLine;
  refused?: string;
}

/** The works of a stream of JSON lines; `after` is the number of lines that have been read before. */
export async function* workLines(source: AsyncIterable<Buffer>, after = 0): AsyncGenerator<ReadLine> {
  let line = after;
  for await (const text of linesOf(source, LONGEST_LINE)) yield { line: ++line, bytes: text.bytes, ...read(text) };
}

function read({ text }: Line): Pick<ReadLine, 'work' | 'refused'> {
  if (text === undefined) return { refused: `longer than ${LONGEST_LINE} bytes` };
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refused: 'not JSON' };
  }
  const parsed = WorkLine.safeParse(value);
  if (parsed.success) return { work: parsed.data };
  const { path, message } = parsed.error.issues[0]!;
  return { refused: `${path.join('.') || 'line'}: ${message}` };
}
