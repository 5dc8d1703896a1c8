/** A string of a Ren'Py statement, its escapes decoded. */
export interface Quoted {
  readonly text: string;
  /** Where the paragraphs of a triple-quoted text begin, counted in lines from the string's own. */
  readonly paragraphs?: readonly { readonly text: string; readonly below: number }[];
}

const SPACE = /\s*/y;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const NAME = /\.?[\p{L}_][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{M}\p{N}_]*)*/uy;
const ATTRIBUTE = /@|-?[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*/uy;

/** Goes through the text of one statement from left to right. */
export class RenpyScanner {
  at = 0;

  constructor(readonly text: string) {}

  /** The next word, which is then passed. */
  word(): string | undefined {
    return this.match(WORD);
  }

  /** The next name, dots included. */
  name(): string | undefined {
    return this.match(NAME);
  }

  attribute(): string | undefined {
    return this.match(ATTRIBUTE);
  }

  /** Whether this mark stands next; it is then passed. */
  mark(mark: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  /** Whether this word stands next; it is then passed. */
  keyword(word: string): boolean {
    const before = this.at;
    if (this.word() === word) return true;
    this.at = before;
    return false;
  }

  /** The next string, or undefined where there is none; one that is not closed reaches to the end. */
  string(): Quoted | undefined {
    this.skipSpace();
    const prefix = /^(?:[uU]?[rR]|[uU])(?=["'`])/.exec(this.text.slice(this.at, this.at + 3))?.[0] ?? '';
    const start = this.at + prefix.length;
    const quote = this.text[start];
    if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
    const raw = /r/i.test(prefix);
    const triple = this.text.startsWith(quote.repeat(3), start);
    const marks = triple ? quote.repeat(3) : quote;
    const close = closing(this.text, start + marks.length, marks);
    const inner = this.text.slice(start + marks.length, close);
    this.at = Math.min(close + marks.length, this.text.length);
    return triple ? paragraphsOf(inner, raw) : { text: decode(inner.replace(/ *\n */g, ' '), raw) };
  }

  /** What stands in brackets next, without them. */
  parenthesis(): string | undefined {
    this.skipSpace();
    if (this.text[this.at] !== '(') return undefined;
    const start = this.at + 1;
    for (let depth = 0; this.at < this.text.length; this.at++) {
      const char = this.text[this.at]!;
      if (char === '(') depth++;
      else if (char === ')' && --depth === 0) return this.text.slice(start, this.at++).trim();
      else if (char === '"' || char === "'") this.at = closing(this.text, this.at + 1, char);
    }
    this.at = this.text.length;
    return this.text.slice(start).trim();
  }

  /** All that is left. */
  rest(): string {
    const rest = this.text.slice(this.at).trim();
    this.at = this.text.length;
    return rest;
  }

  /** All that is left before a closing colon; undefined where there is no colon. */
  untilColon(): string | undefined {
    const rest = this.text.slice(this.at).trim();
    if (!rest.endsWith(':')) return undefined;
    this.at = this.text.length;
    return rest.slice(0, -1).trim();
  }

  atEnd(): boolean {
    this.skipSpace();
    return this.at >= this.text.length;
  }

  private match(pattern: RegExp): string | undefined {
    this.skipSpace();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    this.at += SPACE.exec(this.text)?.[0].length ?? 0;
  }
}

/** Where the marks stand that close a string; the end of the text where none do. */
function closing(text: string, from: number, marks: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(marks, at)) return at;
  }
  return text.length;
}

/** Every paragraph of a triple-quoted text is said for itself. */
function paragraphsOf(inner: string, raw: boolean): Quoted {
  const paragraphs: { text: string; below: number }[] = [];
  let lines: string[] = [];
  const all = inner.split('\n');
  all.forEach((line, below) => {
    if (line.trim() !== '') lines.push(line.trim());
    if (lines.length > 0 && (line.trim() === '' || below === all.length - 1)) {
      const began = line.trim() === '' ? below - lines.length : below - lines.length + 1;
      paragraphs.push({ text: decode(lines.join(' '), raw), below: began });
      lines = [];
    }
  });
  return { text: paragraphs.map(({ text }) => text).join('\n\n'), paragraphs };
}

function decode(text: string, raw: boolean): string {
  if (raw || !text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{1,4})|([^]))/g, (_, hex: string | undefined, char: string) => {
    if (hex === undefined) return char === 'n' ? '\n' : char;
    const code = parseInt(hex, 16);
    return code === 0 || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCharCode(code);
  });
}
