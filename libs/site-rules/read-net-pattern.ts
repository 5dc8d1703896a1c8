import { AppError } from '#libs/errors/app-error';

/** A pattern as a tree. Characters are UTF-16 units, as where these patterns come from. */
export type Node =
  | { kind: 'unit'; test: (unit: number) => boolean; /** About how many looks the test takes. */ weight: number }
  | { kind: 'edge'; of: 'start' | 'end' | 'line_start' | 'line_end' | 'last_line_end' | 'word' | 'no_word' }
  | { kind: 'row'; nodes: Node[] }
  | { kind: 'choice'; nodes: Node[] }
  | { kind: 'group'; number: number; node: Node }
  | { kind: 'again'; node: Node; least: number; most: number; lazy: boolean }
  | { kind: 'look'; node: Node; behind: boolean; wanted: boolean }
  | { kind: 'whole'; node: Node }
  | { kind: 'same'; number: number; folded: boolean };

export interface ReadPattern {
  node: Node;
  groups: number;
  names: ReadonlyMap<string, number>;
}

interface Flags {
  folded: boolean;
  lines: boolean;
  dotAll: boolean;
  spaced: boolean;
}

const MOST_CHARACTERS = 4000;
const DEEPEST = 50;

/**
 * Reads a pattern of .NET's kind: what looks around, refers back or knows the letters of every script, which RE2 does not.
 * Conditions, balancing groups and right-to-left are not read.
 */
export function readNetPattern(source: string): ReadPattern {
  if (source.length > MOST_CHARACTERS) throw unreadable(source, 'it is too long');
  const reader = new Reader(source);
  const node = reader.choice({ folded: false, lines: false, dotAll: false, spaced: false }, 0);
  if (reader.at < source.length) throw unreadable(source, 'a parenthesis is not opened');
  return { node, groups: reader.groups, names: reader.names };
}

class Reader {
  at = 0;
  groups = 0;
  readonly names = new Map<string, number>();
  private readonly unnamed: number;

  constructor(private readonly source: string) {
    // Groups with names are numbered after all that have none.
    this.unnamed = [...source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]/g, '').matchAll(/\((?!\?)/g)].length;
  }

  choice(given: Flags, depth: number): Node {
    if (depth > DEEPEST) throw unreadable(this.source, 'it is nested too deeply');
    const flags = { ...given };
    const choices: Node[] = [];
    let row: Node[] = [];
    for (;;) {
      const sign = this.source[this.at];
      if (sign === undefined || sign === ')') break;
      if (sign === '|') {
        this.at++;
        choices.push({ kind: 'row', nodes: row });
        row = [];
        continue;
      }
      const atom = this.atom(flags, depth);
      if (atom) row.push(this.repeated(atom, flags));
    }
    choices.push({ kind: 'row', nodes: row });
    return choices.length === 1 ? choices[0]! : { kind: 'choice', nodes: choices };
  }

  private atom(flags: Flags, depth: number): Node | undefined {
    const sign = this.source[this.at++]!;
    if (flags.spaced && /\s/.test(sign)) return undefined;
    if (flags.spaced && sign === '#') {
      while (this.at < this.source.length && this.source[this.at] !== '\n') this.at++;
      return undefined;
    }
    switch (sign) {
      case '(':
        return this.group(flags, depth);
      case '[':
        return { kind: 'unit', ...this.set(flags) };
      case '.':
        return { kind: 'unit', weight: 1, test: flags.dotAll ? () => true : (unit) => unit !== 10 };
      case '^':
        return { kind: 'edge', of: flags.lines ? 'line_start' : 'start' };
      case '$':
        return { kind: 'edge', of: flags.lines ? 'line_end' : 'last_line_end' };
      case '\\':
        return this.escaped(flags);
      case '*':
      case '+':
      case '?':
        throw unreadable(this.source, `${sign} repeats nothing`);
      default:
        return { kind: 'unit', weight: 1, test: is(sign.charCodeAt(0), flags.folded) };
    }
  }

  private repeated(atom: Node, flags: Flags): Node {
    let node = atom;
    for (;;) {
      if (flags.spaced) while (/\s/.test(this.source[this.at] ?? '')) this.at++;
      const [all, sign, least, comma, most] =
        /^(?:([*+?])|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})/.exec(this.source.slice(this.at, this.at + 14)) ?? [];
      if (all === undefined) return node;
      this.at += all.length;
      const lazy = this.source[this.at] === '?';
      if (lazy) this.at++;
      const [from, to] =
        sign === undefined
          ? [Number(least), comma === undefined ? Number(least) : most === undefined ? Infinity : Number(most)]
          : [sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity];
      if (node.kind === 'again' && node !== atom) throw unreadable(this.source, 'a repetition is repeated');
      node = { kind: 'again', node, least: from, most: to, lazy };
    }
  }

  private group(flags: Flags, depth: number): Node | undefined {
    const [all, look, atomic, name, quoted, on, off, then] =
      /^\?(?:(<?[=!])|(>)|<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'|([imnsx]*)(?:-([imnsx]+))?(:|\)))/.exec(
        this.source.slice(this.at, this.at + 60),
      ) ?? [];
    if (all === undefined) {
      if (this.source.startsWith('?#', this.at)) {
        this.at = Math.max(this.source.indexOf(')', this.at), this.at) + 1;
        return undefined;
      }
      if (this.source[this.at] === '?') throw unreadable(this.source, 'a group is of an unknown kind');
      const number = ++this.groups - this.names.size;
      return { kind: 'group', number, node: this.closed(flags, depth) };
    }
    this.at += all.length;
    if (look !== undefined)
      return {
        kind: 'look',
        behind: look.startsWith('<'),
        wanted: look.endsWith('='),
        node: this.closed(flags, depth),
      };
    if (atomic !== undefined) return { kind: 'whole', node: this.closed(flags, depth) };
    const given = name ?? quoted;
    if (given !== undefined) {
      const number = this.names.get(given) ?? this.unnamed + this.names.size + 1;
      if (!this.names.has(given)) {
        this.groups++;
        this.names.set(given, number);
      }
      return { kind: 'group', number, node: this.closed(flags, depth) };
    }
    const changed = { ...flags };
    for (const [signs, value] of [[on ?? '', true], [off ?? '', false]] as const) {
      if (signs.includes('i')) changed.folded = value;
      if (signs.includes('m')) changed.lines = value;
      if (signs.includes('s')) changed.dotAll = value;
      if (signs.includes('x')) changed.spaced = value;
    } // prettier-ignore
    if (then === ':') return this.closed(changed, depth);
    Object.assign(flags, changed);
    return undefined;
  }

  private closed(flags: Flags, depth: number): Node {
    const node = this.choice(flags, depth + 1);
    if (this.source[this.at++] !== ')') throw unreadable(this.source, 'a parenthesis is not closed');
    return node;
  }

  private escaped(flags: Flags): Node {
    const sign = this.source[this.at];
    if (sign === 'b' || sign === 'B') return (this.at++, { kind: 'edge', of: sign === 'b' ? 'word' : 'no_word' });
    if (sign === 'A') return (this.at++, { kind: 'edge', of: 'start' });
    if (sign === 'z') return (this.at++, { kind: 'edge', of: 'end' });
    if (sign === 'Z') return (this.at++, { kind: 'edge', of: 'last_line_end' });
    const [back, number, name] = /^(?:([1-9]\d?)|k<(\w+)>)/.exec(this.source.slice(this.at, this.at + 60)) ?? [];
    if (back !== undefined) {
      this.at += back.length;
      const group = name === undefined ? Number(number) : (this.names.get(name) ?? Number(name));
      if (!(group > 0)) throw unreadable(this.source, `there is no group ${name}`);
      return { kind: 'same', number: group, folded: flags.folded };
    }
    const kind = this.kindOfUnit();
    if (kind) return { kind: 'unit', weight: 1, test: kind };
    return { kind: 'unit', weight: 1, test: is(this.escapedUnit(), flags.folded) };
  }

  /** `\d`, `\p{L}` and the like. */
  private kindOfUnit(): ((unit: number) => boolean) | undefined {
    const sign = this.source[this.at] ?? '';
    if (sign === 'p' || sign === 'P') {
      const [all, name] = /^[pP]\{(\w+)\}/.exec(this.source.slice(this.at, this.at + 60)) ?? [];
      if (all === undefined) throw unreadable(this.source, '\\p needs a name in braces');
      this.at += all.length;
      return named(name!, this.source, sign === 'P');
    }
    const kind = { d: DIGIT, w: WORD, s: SPACE }[sign.toLowerCase()];
    if (!kind) return undefined;
    this.at++;
    return sign === sign.toLowerCase() ? kind : opposite(kind);
  }

  private escapedUnit(): number {
    const [all, hex, long, control, octal] =
      /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|c([A-Za-z])|(0[0-7]{0,2}))/.exec(
        this.source.slice(this.at, this.at + 6),
      ) ?? [];
    if (all !== undefined) {
      this.at += all.length;
      if (octal !== undefined) return Number.parseInt(octal, 8);
      return control === undefined ? Number.parseInt(hex ?? long!, 16) : control.toUpperCase().charCodeAt(0) - 64;
    }
    const sign = this.source[this.at++];
    if (sign === undefined) throw unreadable(this.source, 'it ends with \\');
    const known = { t: 9, n: 10, v: 11, f: 12, r: 13, e: 27, a: 7, b: 8 }[sign];
    if (known === undefined && /[a-zA-Z]/.test(sign)) throw unreadable(this.source, `\\${sign} is not known`);
    return known ?? sign.charCodeAt(0);
  }

  /** A set of characters after its `[`, with what is taken away from it. */
  private set(flags: Flags, depth = 0): UnitSet {
    if (depth > DEEPEST) throw unreadable(this.source, 'it is nested too deeply');
    const not = this.source[this.at] === '^';
    if (not) this.at++;
    const ranges: [number, number][] = [];
    const kinds = new Set<UnitTest>();
    let without: UnitSet | undefined;
    for (let first = true; ; first = false) {
      const sign = this.source[this.at];
      if (sign === undefined) throw unreadable(this.source, 'a set is not closed');
      if (sign === ']' && !first) break;
      if (sign === '-' && this.source[this.at + 1] === '[' && !first) {
        this.at += 2;
        without = this.set(flags, depth + 1);
        continue;
      }
      const from = this.inSet();
      if (typeof from === 'function') {
        kinds.add(from);
        continue;
      }
      let to = from;
      if (this.source[this.at] === '-' && !/[\][]/.test(this.source[this.at + 1] ?? ']')) {
        this.at++;
        const end = this.inSet();
        if (typeof end === 'function') throw unreadable(this.source, 'a range in a set has no end');
        to = end;
      }
      if (to < from) throw unreadable(this.source, 'a range in a set runs backwards');
      ranges.push([from, to]);
    }
    this.at++;
    const [among, members] = anyOf(ranges, kinds);
    const folded = flags.folded ? (unit: number) => among(unit) || among(lower(unit)) || among(upper(unit)) : among;
    return {
      test: (unit) => folded(unit) !== not && !(without?.test(unit) ?? false),
      weight: Math.max(1, (members * (flags.folded ? 3 : 1)) / 4) + (without?.weight ?? 0),
    };
  }

  private inSet(): number | ((unit: number) => boolean) {
    const sign = this.source[this.at++]!;
    if (sign !== '\\') return sign.charCodeAt(0);
    return this.kindOfUnit() ?? this.escapedUnit();
  }
}

type UnitTest = (unit: number) => boolean;

/** A set of characters, and about how many looks it takes to know whether one is in it. */
interface UnitSet {
  test: UnitTest;
  weight: number;
}

/** Whether a character is in one of the ranges or of one of the kinds, and how many looks that takes. */
function anyOf(ranges: [number, number][], kinds: ReadonlySet<UnitTest>): [UnitTest, number] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges.sort(([one], [other]) => one - other)) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  const inRanges = (unit: number): boolean => {
    let [low, high] = [0, joined.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (unit < joined[middle]![0]) high = middle - 1;
      else if (unit > joined[middle]![1]) low = middle + 1;
      else return true;
    }
    return false;
  };
  const tests = [...kinds];
  return [(unit) => inRanges(unit) || tests.some((test) => test(unit)), Math.log2(joined.length + 1) + tests.length];
}

const opposites = new Map<UnitTest, UnitTest>();
/** The same for the same kind, so that a set that names it often asks it once. */
function opposite(kind: UnitTest): UnitTest {
  const known = opposites.get(kind) ?? ((unit: number) => !kind(unit));
  opposites.set(kind, known);
  return known;
}

const lower = (unit: number): number => String.fromCharCode(unit).toLowerCase().charCodeAt(0);
const upper = (unit: number): number => String.fromCharCode(unit).toUpperCase().charCodeAt(0);

function is(unit: number, folded: boolean): (other: number) => boolean {
  if (!folded || lower(unit) === upper(unit)) return (other) => other === unit;
  const small = lower(unit);
  return (other) => other === unit || lower(other) === small;
}

/** A kind of character by a pattern of JavaScript's, asked once for each. */
function byKind(kind: RegExp): (unit: number) => boolean {
  const known = new Uint8Array(65_536);
  return (unit) => {
    const old = known[unit]!;
    if (old !== 0) return old === 1;
    const holds = kind.test(String.fromCharCode(unit));
    known[unit] = holds ? 1 : 2;
    return holds;
  };
}

export const WORD = byKind(/[\p{L}\p{Mn}\p{Nd}\p{Pc}]/u);
const DIGIT = byKind(/\p{Nd}/u);
const SPACE = byKind(/[\s\u0085]/);
const BLOCKS: Readonly<Record<string, RegExp>> = {
  IsCJKUnifiedIdeographs: /[\u4e00-\u9fff]/, IsHiragana: /[\u3040-\u309f]/, IsKatakana: /[\u30a0-\u30ff]/,
  IsHangulSyllables: /[\uac00-\ud7af]/, IsCyrillic: /[\u0400-\u04ff]/, IsArabic: /[\u0600-\u06ff]/, IsHebrew: /[\u0590-\u05ff]/,
  IsThai: /[\u0e00-\u0e7f]/, IsGreek: /[\u0370-\u03ff]/, IsGreekandCoptic: /[\u0370-\u03ff]/, IsBasicLatin: /[\u0000-\u007f]/,
  IsLatin1Supplement: /[\u0080-\u00ff]/, IsCJKSymbolsandPunctuation: /[\u3000-\u303f]/,
  IsHalfwidthandFullwidthForms: /[\uff00-\uffef]/,
}; // prettier-ignore
const kinds = new Map<string, (unit: number) => boolean>();

function named(name: string, source: string, not: boolean): (unit: number) => boolean {
  let kind = kinds.get(name);
  if (!kind) {
    if (!Object.hasOwn(BLOCKS, name) && !/^(?:[CLMNPSZ][a-z&]?)$/.test(name))
      throw unreadable(source, `\\p{${name}} is not known`);
    kind = byKind(BLOCKS[name] ?? new RegExp(`\\p{${name}}`, 'u'));
    kinds.set(name, kind);
  }
  const test = kind;
  return not ? opposite(test) : test;
}

const unreadable = (source: string, why: string) =>
  new AppError('invalid', `The pattern ${JSON.stringify(source.slice(0, 200))} cannot be used: ${why}.`);
