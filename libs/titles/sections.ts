import { AppError } from '#libs/errors/app-error';
import { KEY_VERSION } from './fold.js';

/**
 * The file: a header of 32 bytes (magic, format, key version, number of sections, length, checksum of header and table), a table of 20
 * bytes a section (id, kind of number, offset, length, checksum, spare), then the sections, each at a multiple of 8, little-endian.
 */
const MAGIC = 0x49545645; // "EVTI"
/** Another number for files that older programs cannot read. */
export const FORMAT = 3;
const HEADER = 32;
const ENTRY = 20;

/** What a section holds; the numbers are in the file, so they are never given a new meaning. */
export const SECTION = {
  releaseKeys: 1,
  releaseKeyEnds: 2,
  workRoot: 3,
  workType: 4,
  workYear: 5,
  workSeason: 6,
  workPopularity: 7,
  workFirstAlias: 8,
  roots: 9,
  rootEnds: 10,
  titles: 11,
  aliasFact: 16,
  coreAliases: 20,
  postings: 28,
  words: 29,
  rootFirst: 30,
  rootWorks: 31,
  titleStarts: 32,
  titleLengths: 33,
  facts: 34,
  coreContinues: 35,
  positionGrams: 36,
  keyBuckets: 37,
  keyChecks: 38,
  keyValues: 39,
  sideBuckets: 40,
  sideChecks: 41,
  sideAliases: 42,
  gramBuckets: 43,
  longTitles: 44,
} as const;

export type SectionName = keyof typeof SECTION;
export type Numbers = Uint8Array | Uint16Array | Uint32Array;
export type Sections = Record<SectionName, Numbers>;

/** Brings the bytes of a file from one place up to another, of which not all are there before somebody reads them. */
export type Need = (from: number, to: number) => void;

/** The large sections, of which a question reads a few places: those alone are brought when they are needed. */
export const BROUGHT_BY_PLACE: ReadonlySet<SectionName> = new Set([
  'releaseKeys',
  'roots',
  'titles',
  'postings',
  'keyChecks',
  'keyValues',
  'sideChecks',
  'sideAliases',
]);

/** The part of a file that has its header and its table. */
export const SECTIONS_END = HEADER + Object.keys(SECTION).length * ENTRY;

/** Lays the sections into one file; equal sections make equal bytes. */
export function writeSections(sections: Sections): Uint8Array {
  const names = Object.keys(SECTION) as SectionName[];
  let end = align(HEADER + names.length * ENTRY);
  const places = names.map((name) => {
    const offset = end;
    end = align(end + sections[name].byteLength);
    return { name, offset };
  });
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  places.forEach(({ name, offset }, i) => {
    const section = sections[name];
    const bytes = new Uint8Array(section.buffer, section.byteOffset, section.byteLength);
    file.set(bytes, offset);
    const at = HEADER + i * ENTRY;
    view.setUint16(at, SECTION[name], true);
    view.setUint16(at + 2, section.BYTES_PER_ELEMENT, true);
    view.setUint32(at + 4, offset, true);
    view.setUint32(at + 8, section.byteLength, true);
    view.setUint32(at + 12, checksum(bytes), true);
  });
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, FORMAT, true);
  view.setUint16(6, KEY_VERSION, true);
  view.setUint32(8, names.length, true);
  view.setUint32(12, end, true);
  view.setUint32(16, checksum(file.subarray(HEADER, HEADER + names.length * ENTRY)), true);
  return file;
}

/**
 * The sections of a file, as views into it. Refuses what is no index, is cut short or damaged (`invalid`), or was built with other keys
 * (`details.reason` 'key_version'); `verify: false` leaves out the checksums of the sections for a caller who has just hashed the file.
 */
export function readSections(bytes: Uint8Array, { verify }: { verify: boolean }): Sections {
  const file = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < HEADER || view.getUint32(0, true) !== MAGIC) throw damaged('it does not begin like one');
  if (view.getUint16(4, true) !== FORMAT)
    throw damaged(`its format is ${view.getUint16(4, true)}, this program reads ${FORMAT}`);
  const keys = view.getUint16(6, true);
  if (keys !== KEY_VERSION) {
    throw new AppError(
      'invalid',
      `This title index was built with keys of version ${keys}; this program makes version ${KEY_VERSION}. Fetch one of its own.`,
      {
        reason: 'key_version',
        found: keys,
        expected: KEY_VERSION,
      },
    );
  }
  const count = view.getUint32(8, true);
  if (view.getUint32(12, true) !== file.length)
    throw damaged(`it is ${file.length} bytes long and says ${view.getUint32(12, true)}`);
  const table = HEADER + count * ENTRY;
  if (count > 1000 || table > file.length || checksum(file.subarray(HEADER, table)) !== view.getUint32(16, true)) {
    throw damaged('its table of sections is not what was written');
  }
  const found = new Map<number, Numbers>();
  for (let i = 0; i < count; i++) {
    const at = HEADER + i * ENTRY;
    const id = view.getUint16(at, true);
    const width = view.getUint16(at + 2, true);
    const offset = view.getUint32(at + 4, true);
    const length = view.getUint32(at + 8, true);
    if (offset % 8 !== 0 || offset + length > file.length || length % width !== 0)
      throw damaged(`section ${id} lies outside of it`);
    if (verify && checksum(file.subarray(offset, offset + length)) !== view.getUint32(at + 12, true)) {
      throw damaged(`section ${id} is not what was written`);
    }
    found.set(id, numbers(file, { width, offset, length }));
  }
  const sections = {} as Sections;
  for (const [name, id] of Object.entries(SECTION) as [SectionName, number][]) {
    const section = found.get(id);
    if (section === undefined) throw damaged(`section ${id} (${name}) is missing`);
    sections[name] = section;
  }
  return sections;
}

function numbers(
  file: Uint8Array,
  { width, offset, length }: { width: number; offset: number; length: number },
): Numbers {
  const at = file.byteOffset + offset;
  if (width === 1) return new Uint8Array(file.buffer, at, length);
  if (width === 2) return new Uint16Array(file.buffer, at, length / 2);
  if (width === 4) return new Uint32Array(file.buffer, at, length / 4);
  throw damaged(`a section has numbers of ${width} bytes`);
}

const damaged = (why: string): AppError =>
  new AppError('invalid', `This is no whole title index: ${why}. Fetch it again.`, { reason: 'damaged' });

const align = (offset: number): number => (offset + 7) & ~7;

/** A 32-bit checksum against accidents (four FNV lanes); against attackers the manifest's SHA-256 stands. */
function checksum(bytes: Uint8Array): number {
  const whole = bytes.byteOffset % 4 === 0 ? bytes.length >> 2 : 0;
  let h = 0x811c9dc5 ^ bytes.length;
  if (whole > 0) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, whole);
    for (let i = 0; i < whole; i++) {
      h = Math.imul(h ^ words[i]!, 0x01000193);
      h ^= h >>> 15;
    }
  }
  for (let i = whole * 4; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h >>> 0;
}
