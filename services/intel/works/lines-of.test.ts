import { linesOf } from './lines-of.js';

async function read(chunks: Iterable<Buffer>, most = 100) {
  const lines: (string | undefined)[] = [];
  let bytes = 0;
  for await (const line of linesOf(chunks as never, most)) {
    lines.push(line.text);
    bytes += line.bytes;
  }
  return { lines, bytes };
}

test('lines end at a newline alone, wherever they are cut, and every byte is counted', async () => {
  const whole = Buffer.concat([
    Buffer.from('{"title":"a\u2028b"}\r\n\n钢铁侠\n'),
    Buffer.from([0xff, 10]),
    Buffer.from('last'),
  ]);
  const lines = ['{"title":"a\u2028b"}\r', '', '钢铁侠', '\ufffd', 'last'];
  for (let cut = 0; cut <= whole.length; cut++)
    expect(await read([whole.subarray(0, cut), whole.subarray(cut)])).toEqual({ lines, bytes: whole.length });
  expect(await read([])).toEqual({ lines: [], bytes: 0 });
});

test('a line without an end is passed over and not held', async () => {
  const piece = Buffer.alloc(1_000_000, 'a');
  function* endless() {
    // More than a text can hold.
    for (let at = 0; at < 700; at++) yield piece;
    yield Buffer.from('\nnext');
  }
  expect(await read(endless())).toEqual({ lines: [undefined, 'next'], bytes: 700_000_005 });
});

test('a line may be as long as is said', async () => {
  expect(await read([Buffer.from('abc\nabcd\nabc\n')], 3)).toMatchObject({ lines: ['abc', undefined, 'abc'] });
});
