import { sniff } from './content-type.js';
import { safeFileName } from './file-name.js';
import { partBytes, partPlan, LARGEST_UPLOAD } from './part-plan.js';

const MIB = 1024 * 1024;

test('a small file goes in one piece, and the largest in ten thousand parts', () => {
  expect(partPlan(0)).toEqual({ part_size: 8 * MIB, part_count: 1 });
  expect(partPlan(8 * MIB)).toEqual({ part_size: 8 * MIB, part_count: 1 });
  expect(partPlan(8 * MIB + 1).part_count).toBe(2);
  expect(partPlan(1024 * MIB)).toEqual({ part_size: 8 * MIB, part_count: 128 });
  expect(partPlan(20_000 * MIB)).toEqual({ part_size: 20 * MIB, part_count: 1000 });
  expect(partPlan(LARGEST_UPLOAD)).toEqual({ part_size: 64 * MIB, part_count: 10_000 });
});

test('the parts of a file are as large as the file', () => {
  for (const size of [1, 8 * MIB, 8 * MIB + 1, 123_456_789, 70_000_000_001]) {
    const plan = partPlan(size);
    let sum = 0;
    for (let number = 1; number <= plan.part_count; number++) sum += partBytes(size, plan, number);
    expect(sum).toBe(size);
  }
});

test.each([
  ['beach.mp4', 'beach.mp4'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\films\\a.mov', 'a.mov'],
  ['..', 'file'],
  ['.hidden', 'hidden'],
  ['a\u202Egpj.exe', 'agpj.exe'],
  ['海边 的 夜.mp4', '海边 的 夜.mp4'],
  ['a<b>"c"|d?.png', 'abcd.png'],
])('a file called %j is kept as %j', (given, kept) => {
  expect(safeFileName(given)).toBe(kept);
});

test('a long name is shortened before its ending', () => {
  const kept = safeFileName(`${'海'.repeat(200)}.mp4`);
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(200);
  expect(kept).toMatch(/^海+\.mp4$/);
});

test.each([
  ['\x89PNG\r\n\x1a\n....', 'image/png'],
  ['\0\0\0\x20ftypisom\0\0', 'video/mp4'],
  ['\0\0\0\x14ftypqt  \0\0', 'video/quicktime'],
  ['RIFF\x10\0\0\0WAVEfmt ', 'audio/wav'],
  ['label start:\n  "Hello"', 'text/plain; charset=utf-8'],
  ['<html><script>alert(1)</script>', 'text/plain; charset=utf-8'],
  ['BMW is a car', 'text/plain; charset=utf-8'],
  ['\0\x01\x02\x03', 'application/octet-stream'],
])('bytes that begin %j are %s', (bytes, type) => {
  expect(sniff(Buffer.from(bytes, 'latin1'))).toEqual({ content_type: type });
});

test('programs are refused, whatever they are called', () => {
  expect(sniff(Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1'))).toEqual({ refused: expect.stringMatching(/Linux/) });
  expect(sniff(Buffer.from('MZ\x90\0\x03\0', 'latin1'))).toEqual({ refused: expect.stringMatching(/Windows/) });
});
