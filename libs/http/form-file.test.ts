import { openFormFile } from './form-file.js';

const TYPE = 'multipart/form-data; boundary=x-1';
const part = (name: string, more: string, body: string) =>
  `--x-1\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${body}\r\n`;
const END = '--x-1--\r\n';

async function* inChunks(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  text: string,
  { chunk = 7, contentType = TYPE as string | undefined, length = Buffer.byteLength(text) } = {},
) {
  const { bytes, ...file } = await openFormFile(inChunks(text, chunk), { contentType, length, field: 'file' });
  const chunks: Buffer[] = [];
  for await (const piece of bytes) chunks.push(piece);
  return { ...file, text: Buffer.concat(chunks).toString() };
}

test.each([1, 2, 7, 10_000])('a file is found in a form that comes in chunks of %d bytes', async (chunk) => {
  const body = 'first\r\nsecond\r\n--x-\r\n\r\nlast';
  const form =
    part('note', '', 'hello') + part('file', '; filename="海边 %22sea%22.png"\r\nContent-Type: image/png', body) + END;
  expect(await read(form, { chunk })).toEqual({
    filename: '海边 "sea".png',
    content_type: 'image/png',
    size: body.length,
    text: body,
  });
});

test('an empty file is a file', async () => {
  expect(await read(part('file', '; filename="none"', '') + END)).toMatchObject({ size: 0, text: '' });
});

test('a boundary in quotes is understood', async () => {
  const form = part('file', '; filename="a \\"b\\""', 'x') + END;
  expect(await read(form, { contentType: 'multipart/form-data; boundary="x-1"' })).toMatchObject({
    filename: 'a "b"',
    text: 'x',
  });
});

test.each([
  [
    'no form',
    'hello',
    { contentType: 'text/plain' },
    'Send a form (multipart/form-data) with the file in its field file.',
  ],
  [
    'a form without its length',
    part('file', '; filename="a"', 'x') + END,
    { length: Number.NaN },
    'Say in Content-Length how long the form is.',
  ],
  [
    'a form without the file',
    part('other', '; filename="a"', 'x') + END,
    {},
    'There is no file in the field file of the form.',
  ],
  ['a field that is no file', part('file', '', 'x') + END, {}, 'There is no file in the field file of the form.'],
  [
    'something after the file',
    part('file', '; filename="a"', 'xy') + part('note', '', 'z') + END,
    {},
    'Send the file as the last field of the form.',
  ],
  [
    'something after the end',
    `${part('file', '; filename="a"', 'xy')}${END}more`,
    {},
    'Send the file as the last field of the form.',
  ],
  [
    'a form that breaks off',
    part('file', '; filename="a"', 'xyz').slice(0, -1),
    { length: 500 },
    'The form in the body cannot be read.',
  ],
  ['headers without an end', `--x-1\r\n${'a'.repeat(70_000)}`, {}, 'The form in the body cannot be read.'],
])('%s is refused', async (_what, text, more, message) => {
  await expect(read(text, { chunk: 1000, ...more })).rejects.toMatchObject({ code: 'invalid', message });
});
