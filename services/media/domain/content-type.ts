/** What the first bytes of a file say it is, or why we do not keep such files. */
export type Sniffed = { content_type: string } | { refused: string };

type Sign = readonly [type: string, offset: number, bytes: string];

/** Signatures as published by the formats themselves; text stands for its bytes. */
const SIGNS: readonly Sign[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/bmp', 0, 'BM'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/avif', 4, 'ftypavif'],
  ['image/heic', 4, 'ftyphei'],
  ['image/vnd.adobe.photoshop', 0, '8BPS'],
  ['video/quicktime', 4, 'ftypqt'],
  ['audio/mp4', 4, 'ftypM4A'],
  ['video/mp4', 4, 'ftyp'],
  ['video/webm', 0, '\x1aE\xdf\xa3'],
  ['video/x-msvideo', 8, 'AVI '],
  ['video/x-flv', 0, 'FLV\x01'],
  ['video/mp2t', 0, 'G'],
  ['video/mpeg', 0, '\0\0\x01\xba'],
  ['audio/wav', 8, 'WAVE'],
  ['audio/flac', 0, 'fLaC'],
  ['audio/ogg', 0, 'OggS'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/mpeg', 0, '\xff\xfb'],
  ['audio/aiff', 8, 'AIFF'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/gzip', 0, '\x1f\x8b'],
  ['application/pdf', 0, '%PDF-'],
];

const PROGRAMS: readonly Sign[] = [
  ['a program for Linux', 0, '\x7fELF'],
  ['a program for Windows', 0, 'MZ'],
  ['a program for macOS', 0, '\xcf\xfa\xed\xfe'],
  ['a program for macOS', 0, '\xca\xfe\xba\xbe'],
];

/** Looks at the beginning of a file. Names and declared types count for nothing; markup is plain text, so that it never runs. */
export function sniff(head: Buffer): Sniffed {
  const text = head.subarray(0, 64).toString('latin1');
  const matches = ([, offset, sign]: Sign) => text.startsWith(sign, offset);
  const program = PROGRAMS.find(matches);
  if (program && !isText(head)) return { refused: `It is ${program[0]}; programs are not kept here.` };
  const known = SIGNS.find((sign) => matches(sign) && (sign[0] !== 'video/mp2t' || isTransportStream(head)));
  if (known && !(known[2].length < 3 && isText(head))) return { content_type: known[0] };
  return { content_type: isText(head) ? 'text/plain; charset=utf-8' : 'application/octet-stream' };
}

/** Packets of a transport stream begin every 188 bytes. */
function isTransportStream(head: Buffer): boolean {
  return head.length > 376 && head[188] === 0x47 && head[376] === 0x47;
}

function isText(head: Buffer): boolean {
  const utf16 = head.length >= 2 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff));
  return utf16 || !head.some((byte) => byte === 0 || (byte < 32 && ![9, 10, 12, 13, 27].includes(byte)));
}
