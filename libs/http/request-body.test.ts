import { readBody } from './request-body.js';

const fields = { kind: 'fields', names: ['a'] } as const;
const form = { kind: 'form', names: ['a'], fixed: {} } as const;
const read = (plan: Parameters<typeof readBody>[0], type: string | undefined, text: string | Buffer) =>
  readBody(plan, type, Buffer.from(text as string));

test('a body of no use, or of no bytes, is absent', async () => {
  expect(await read({ kind: 'none' }, 'application/json', '{broken')).toEqual({ kind: 'absent' });
  expect(await read(fields, 'application/json', '')).toEqual({ kind: 'absent' });
  expect(await readBody(fields, undefined, undefined)).toEqual({ kind: 'absent' });
});

test.each([undefined, 'application/json', 'APPLICATION/JSON; charset=utf-8', 'application/vnd.x+json'])(
  'of the type %s, it is JSON',
  async (type) => {
    expect(await read(fields, type, '\ufeff{"a":1}')).toEqual({ kind: 'json', value: { a: 1 } });
  },
);

test.each(['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded', 'nonsense'])(
  'of the type %s, it is something else',
  async (type) => {
    expect(await read(fields, type, '{"a":1}')).toEqual({ kind: 'other' });
  },
);

test('a form gives its text fields and no files', async () => {
  const urlencoded = await read(form, 'application/x-www-form-urlencoded', 'a=1+%C3%BC&b=');
  expect(urlencoded).toEqual({
    kind: 'form',
    fields: new Map([
      ['a', '1 ü'],
      ['b', ''],
    ]),
  });
  const part = (name: string, more: string, text: string) =>
    `--x\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${text}\r\n`;
  const multipart = `${part('a', '', 'one')}${part('f', '; filename="f.txt"', 'bytes')}--x--\r\n`;
  expect(await read(form, 'multipart/form-data; boundary=x', multipart)).toEqual({
    kind: 'form',
    fields: new Map([['a', 'one']]),
  });
  expect(await read(form, 'application/json', '{}')).toEqual({ kind: 'other' });
});

test.each([
  ['{"a":', 5, 'Expecting value'],
  [Buffer.from([0x22, 0xff, 0x22]), 0, 'Not UTF-8 text'],
  [`${'['.repeat(501)}${']'.repeat(501)}`, 0, 'Nested deeper than 500 levels'],
])('what is not JSON says where and why', async (text, at, error) => {
  await expect(read(fields, undefined, text)).rejects.toMatchObject({
    code: 'invalid',
    details: { issues: [{ type: 'json_invalid', loc: ['body', at], ctx: { error } }] },
  });
});
