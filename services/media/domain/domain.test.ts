import { ladder, segmentsIn, variantPlaylist } from './hls-playlist.js';
import { Peaks } from './peaks.js';
import { playKey, playKeyHolds } from './play-key.js';
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

test('a key to play ends with its time, with the link key, and opens one asset only', () => {
  const asset = { id: 'a', link_key: 'secret' };
  const key = playKey(asset, 100_000);
  expect(playKeyHolds(asset, key, 99_999)).toBe(true);
  expect(playKeyHolds(asset, key, 100_000)).toBe(false);
  expect(playKeyHolds({ ...asset, link_key: 'new' }, key, 0)).toBe(false);
  expect(playKeyHolds({ ...asset, id: 'b' }, key, 0)).toBe(false);
  expect(playKeyHolds(asset, key.replace(/^[^.]+/, 'zzzzzz'), 0)).toBe(false);
  expect(playKeyHolds(asset, '', 0)).toBe(false);
});

test('a film is offered in qualities up to its own, and always in one', () => {
  expect(ladder(2160)).toEqual([1080, 720, 480, 240]);
  expect(ladder(1080)).toEqual([1080, 720, 480, 240]);
  expect(ladder(600)).toEqual([600, 480, 240]);
  expect(ladder(500)).toEqual([480, 240]);
  expect(ladder(121)).toEqual([120]);
});

test('pieces are read from what ffmpeg wrote, and told in order with the longest as the bound', () => {
  const segments = segmentsIn('#EXTM3U\n#EXTINF:4.004000,\n240-00000.ts\n#EXTINF:1.2,\n240-00001.ts\n#EXT-X-ENDLIST\n');
  expect(segments).toEqual([
    { file: '240-00000.ts', seconds: 4.004 },
    { file: '240-00001.ts', seconds: 1.2 },
  ]);
  const variant = {
    name: '240',
    width: 2,
    height: 2,
    bandwidth: 1,
    segments: segments.map((one) => ({ ...one, bytes: 1 })),
  };
  expect(variantPlaylist(variant, ['https://a/1', 'https://a/2'])).toBe(
    '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:4.004000,\nhttps://a/1\n#EXTINF:1.200000,\nhttps://a/2\n#EXT-X-ENDLIST\n',
  );
});

test('a wave keeps the loudest of each stretch, however the samples arrive', () => {
  const samples = Buffer.alloc(20_000);
  samples.writeInt16LE(-32768, 1000);
  const whole = new Peaks(80);
  whole.add(samples);
  const pieces = new Peaks(80);
  for (let at = 0; at < samples.length; at += 7) pieces.add(samples.subarray(at, at + 7));
  expect(pieces.done()).toEqual(whole.done());
  expect(whole.done().peaks.indexOf(255)).toBe(6);
  const long = new Peaks(1);
  long.add(Buffer.alloc(50_000));
  expect(long.done()).toMatchObject({ samples_per_peak: 7 });
});
