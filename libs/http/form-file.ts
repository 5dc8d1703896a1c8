import { AppError } from '#libs/errors/app-error';
import { ByteReader } from './byte-reader.js';

/** The file of a form while it comes in: what it is called, how many bytes it has, and the bytes. */
export interface FormFile {
  readonly filename: string;
  readonly content_type: string | undefined;
  readonly size: number;
  /** Throws `invalid` when the form turns out not to be what it seemed. */
  readonly bytes: AsyncGenerator<Buffer>;
}

const MOST_BEFORE = 64 * 1024;

/**
 * Finds the file in a multipart form (RFC 7578) while it comes in, holding no more of it than one chunk. The length of the
 * whole body tells the size of the file beforehand, so the file has to be the last field.
 */
export async function openFormFile(
  body: AsyncIterable<Buffer>,
  form: { contentType: string | undefined; length: number; field: string },
): Promise<FormFile> {
  const boundary = boundaryOf(form.contentType);
  if (boundary === undefined)
    throw new AppError('invalid', `Send a form (multipart/form-data) with the file in its field ${form.field}.`);
  if (!Number.isSafeInteger(form.length))
    throw new AppError('invalid', 'Say in Content-Length how long the form is.', { reason: 'length_required' });
  const [between, end] = [Buffer.from(`\r\n--${boundary}`), Buffer.from(`\r\n--${boundary}--\r\n`)];
  // A line break before the first boundary makes it look like all others.
  const reader = new ByteReader(body, Buffer.from('\r\n'));
  await before(reader, between);
  for (;;) {
    const next = await before(reader, Buffer.from('\r\n'));
    if (next.toString().startsWith('--'))
      throw new AppError('invalid', `There is no file in the field ${form.field} of the form.`);
    const headers = (await before(reader, Buffer.from('\r\n\r\n'))).toString();
    const { name, filename } = dispositionOf(headers);
    if (name !== form.field || filename === undefined) {
      await before(reader, between);
      continue;
    }
    const size = form.length + 2 - reader.taken - end.length;
    if (size < 0) throw broken();
    const content_type = /^content-type:[ \t]*([^\r\n]+)/im.exec(headers)?.[1]?.trim();
    return { filename, content_type, size, bytes: fileOf(reader, { size, between, end }) };
  }
}

async function* fileOf(
  reader: ByteReader,
  { size, between, end }: { size: number; between: Buffer; end: Buffer },
): AsyncGenerator<Buffer> {
  let tail = Buffer.alloc(0);
  for (let left = size; left > 0;) {
    const chunk = await reader.some(left);
    if (chunk === undefined) throw broken();
    const seen = Buffer.concat([tail, chunk]);
    if (seen.includes(between)) throw notLast();
    tail = seen.subarray(Math.max(0, seen.length - between.length + 1));
    left -= chunk.length;
    yield chunk;
  }
  if (!(await reader.rest(end.length + 1)).equals(end)) throw notLast();
}

async function before(reader: ByteReader, mark: Buffer): Promise<Buffer> {
  const bytes = await reader.until(mark, MOST_BEFORE);
  if (bytes === undefined) throw broken();
  return bytes;
}

function boundaryOf(contentType = ''): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s";]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

/** Browsers write quotes and line breaks in names as %22, %0D and %0A, others with a backslash. */
function dispositionOf(headers: string): { name?: string; filename?: string } {
  const line = /^content-disposition:[ \t]*form-data([^\r\n]*)/im.exec(headers)?.[1] ?? '';
  const value = (key: string) =>
    new RegExp(`;[ \\t]*${key}="((?:[^"\\\\]|\\\\.)*)"`, 'i')
      .exec(line)?.[1]
      ?.replace(/\\(["\\])/g, '$1')
      .replace(/%22/g, '"')
      .replace(/%0D|%0A/gi, ' ');
  return { name: value('name'), filename: value('filename') };
}

const broken = () => new AppError('invalid', 'The form in the body cannot be read.');
const notLast = () => new AppError('invalid', 'Send the file as the last field of the form.');
