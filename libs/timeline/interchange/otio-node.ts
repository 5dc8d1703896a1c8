import { AppError } from '#libs/errors/app-error';
import { isDocument, type Document } from '../document.js';
import { isRawNumber } from '../exact-json.js';
import { frameRate } from './frame-rate.js';
import { fractionFromDecimal, over, ZERO, type Fraction } from './fraction.js';

/** A stretch of time in seconds, and the rate it is counted in. */
export interface Range {
  start: Fraction;
  duration: Fraction;
  rate: Fraction;
}

const DEEPEST = 100;
const RENAMED: Record<string, string> = {
  Sequence: 'Track',
  Filler: 'Gap',
  SerializeableCollection: 'SerializableCollection',
};

/** One object of an OpenTimelineIO file that knows where it stands, so that every complaint can say so. */
export class OtioNode {
  private constructor(
    private readonly value: Document,
    private readonly where: string,
    private readonly depth: number,
  ) {}

  /** Reads a value as an object of the file, at its root unless told otherwise. */
  static of(value: unknown, where = '', depth = 0): OtioNode {
    if (!isDocument(value)) throw malformed(where, value, 'an object with an OTIO_SCHEMA');
    const node = new OtioNode(value, where, depth);
    const schema = node.field('OTIO_SCHEMA');
    if (typeof schema !== 'string')
      throw malformed(node.at('OTIO_SCHEMA'), schema, 'the name of a schema, such as "Timeline.1"');
    if (depth > DEEPEST) throw node.complain(`is nested in more than ${DEEPEST} others`);
    return node;
  }

  /** The schema without its version, under its present name. */
  get schema(): string {
    const name = String(this.value.OTIO_SCHEMA).replace(/\.\d+$/, '');
    return Object.hasOwn(RENAMED, name) ? RENAMED[name]! : name;
  }

  get name(): string {
    return this.text('name') ?? '';
  }

  /** The node in words: what it is and what it is called, or else where it stands. */
  get words(): string {
    return this.name === '' ? `the ${this.schema} at ${this.place}` : `${this.schema} "${this.name}"`;
  }

  get metadata(): Document {
    const metadata = this.field('metadata') ?? {};
    return isDocument(metadata) ? metadata : {};
  }

  /** What this project noted on the object. */
  get notes(): Document {
    const notes = this.metadata.evidverse;
    return isDocument(notes) ? notes : {};
  }

  text(key: string): string | undefined {
    const value = this.field(key) ?? undefined;
    if (value !== undefined && typeof value !== 'string') throw malformed(this.at(key), value, 'text');
    return value;
  }

  isOff(key: string): boolean {
    return this.field(key) === false;
  }

  node(key: string): OtioNode | undefined {
    const value = this.field(key) ?? undefined;
    return value === undefined ? undefined : OtioNode.of(value, this.at(key), this.depth + 1);
  }

  nodes(key: string): OtioNode[] {
    const list = this.field(key) ?? [];
    if (!Array.isArray(list)) throw malformed(this.at(key), list, 'a list');
    return (list as unknown[]).map((value, index) => OtioNode.of(value, `${this.at(key)}[${index}]`, this.depth + 1));
  }

  /** The object under one of several keys of a map in this node. */
  nodeIn(key: string, entry: string): OtioNode | undefined {
    const map = this.field(key) ?? {};
    if (!isDocument(map)) throw malformed(this.at(key), map, 'an object');
    const value = Object.hasOwn(map, entry) ? (map[entry] ?? undefined) : undefined;
    return value === undefined ? undefined : OtioNode.of(value, `${this.at(key)}.${entry}`, this.depth + 1);
  }

  /** How many things a map in this node holds. */
  count(key: string): number {
    const map = this.field(key);
    return isDocument(map) ? Object.values(map).filter((value) => value !== null).length : 0;
  }

  number(key: string): number | undefined {
    const value = this.field(key);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  range(key: string): Range | undefined {
    const range = this.node(key);
    if (!range) return undefined;
    const start = range.time('start_time');
    const duration = range.time('duration');
    if (!start || !duration) throw malformed(this.at(key), range.value, 'a TimeRange with start_time and duration');
    if (duration.seconds.n < 0n)
      throw malformed(range.at('duration'), range.value.duration, 'a length that is not negative');
    return { start: start.seconds, duration: duration.seconds, rate: duration.rate };
  }

  /** A RationalTime as exact seconds, and the rate it is counted in. */
  time(key: string): { seconds: Fraction; rate: Fraction } | undefined {
    const time = this.node(key);
    if (!time) return undefined;
    const [value, rate] = [decimal(time.field('value')), decimal(time.field('rate'))];
    const frames = value === undefined ? undefined : fractionFromDecimal(value);
    if (!frames) throw malformed(time.at('value'), time.field('value'), 'a number of frames');
    const exactRate = rate === undefined ? undefined : frameRate(rate);
    if (exactRate) return { seconds: over(frames, exactRate), rate: exactRate };
    if (frames.n === 0n && time.field('rate') === 0) return { seconds: ZERO, rate: { n: 24n, d: 1n } };
    throw malformed(time.at('rate'), time.field('rate'), 'a number of frames per second');
  }

  /** What is wrong with this node itself, as an error to throw. */
  complain(problem: string): AppError {
    const place = this.name === '' ? '' : ` (${this.place})`;
    return new AppError('invalid', `This film timeline cannot be read: ${this.words}${place} ${problem}.`, {
      where: this.where,
    });
  }

  /** Where it stands in the file, as a path of keys. */
  get path(): string {
    return this.where;
  }

  private get place(): string {
    return this.where === '' ? 'the top of the file' : inShort(this.where);
  }

  private field(key: string): unknown {
    return Object.hasOwn(this.value, key) ? this.value[key] : undefined;
  }

  private at(key: string): string {
    return this.where === '' ? key : `${this.where}.${key}`;
  }
}

function malformed(where: string, found: unknown, expected: string): AppError {
  const place = where === '' ? 'the file' : inShort(where);
  return new AppError(
    'invalid',
    `This film timeline cannot be read: ${place} is ${inWords(found)}, but should be ${expected}.`,
    { where },
  );
}

/** A path for people, who see where a long one begins and ends. */
function inShort(path: string): string {
  return path.length > 160 ? `${path.slice(0, 60)} … ${path.slice(-60)}` : path;
}

function inWords(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (isDocument(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function decimal(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return isRawNumber(value) ? value.rawJSON : undefined;
}
