import type { ProblemList } from './problem-list.js';

/** A logical line: one statement's text without its comments, however many lines of the file it runs over. */
export interface LogicalLine {
  readonly line: number;
  readonly indent: number;
  readonly text: string;
}

/**
 * The logical lines of a Ren'Py script. A string or a bracket keeps a line open, as in the engine; one that is never
 * closed is told and costs its own line only. The time is linear in the text, whatever is in it.
 */
export function* renpyLines(text: string, problems: ProblemList): Generator<LogicalLine> {
  const look: Look = { text, left: 4 * text.length + 10_000 };
  let line = 1;
  for (let start = 0; start < text.length;) {
    const { at, indent, tab } = indentation(text, start);
    if (text[at] === '\n' || text[at] === '#' || at === text.length) {
      start = endOfLine(text, at) + 1;
      line++;
      continue;
    }
    if (tab) problems.addOnce(line, 'Tabs are used for indentation; Ren’Py wants spaces. Each was read as four.');
    const { end, whole, fault } = logicalEnd(look, at);
    if (fault !== undefined) problems.add(line, fault);
    yield { line, indent, text: whole.trimEnd() };
    line += newlines(text, at, end) + 1;
    start = end + 1;
  }
}

function indentation(text: string, start: number): { at: number; indent: number; tab: boolean } {
  let at = start;
  let indent = 0;
  let tab = false;
  for (; text[at] === ' ' || text[at] === '\t' || text[at] === '\u3000'; at++) {
    tab ||= text[at] === '\t';
    indent += text[at] === '\t' ? 4 : text[at] === ' ' ? 1 : 2;
  }
  return { at, indent, tab };
}

/** The text, and how much further it may be looked through in vain. */
interface Look {
  readonly text: string;
  left: number;
}

interface Ending {
  readonly end: number;
  readonly whole: string;
  readonly fault?: string;
}

const OPENING = '([{';
const CLOSING = ')]}';
const PLAIN = /[^"'`#()[\]{}\\\n]+/y;

function logicalEnd(look: Look, start: number): Ending {
  const { text } = look;
  const parts: string[] = [];
  let from = start;
  let depth = 0;
  let at = start;
  while (at < text.length) {
    PLAIN.lastIndex = at;
    if (PLAIN.test(text)) {
      at = PLAIN.lastIndex;
      continue;
    }
    const char = text[at]!;
    if (char === '\n') {
      if (depth === 0) break;
      if (look.left <= 0 || beginsALabel(text, at + 1)) return oneLine(look, start, at, 'A bracket is never closed.');
      at++;
    } else if (char === '#') {
      parts.push(text.slice(from, at));
      at = from = endOfLine(text, at);
    } else if (char === '\\') {
      at += 2;
    } else if (OPENING.includes(char)) {
      depth++;
      at++;
    } else if (CLOSING.includes(char)) {
      if (depth > 0) depth--;
      at++;
    } else {
      const close = closeOfString(look, at);
      if (close === undefined) return oneLine(look, start, at, 'A quotation mark is never closed.');
      at = close;
    }
  }
  at = Math.min(at, text.length);
  if (depth > 0) return oneLine(look, start, at, 'A bracket is never closed.');
  parts.push(text.slice(from, at));
  return { end: at, whole: parts.length === 1 ? parts[0]! : parts.join('') };
}

/** Where the line breaks off when what it opened is never closed: at its end in the file. */
function oneLine(look: Look, start: number, reached: number, fault: string): Ending {
  const end = endOfLine(look.text, start);
  look.left -= Math.max(0, reached - end);
  return { end, whole: look.text.slice(start, end), fault };
}

/** One past the quotation mark that closes the string which begins at `at`; undefined where none does. */
function closeOfString(look: Look, at: number): number | undefined {
  const { text } = look;
  const quote = text[at]!;
  if (text.startsWith(quote.repeat(3), at)) return closeOfTriple(look, at, quote.repeat(3));
  let lines = 0;
  for (let next = at + 1; next < text.length; next++) {
    const char = text[next]!;
    if (char === '\\') {
      if (text[++next] === '\n') lines++;
    } else if (char === '\n') {
      if (++lines > MOST_LINES || look.left <= 0) return inVain(look, next - at);
    } else if (char === quote) {
      const sound = lines === 0 || !WORD_OR_QUOTE.test(text[next + 1] ?? '');
      return sound ? next + 1 : inVain(look, next - at);
    }
  }
  return inVain(look, text.length - at);
}

const MOST_LINES = 50;
/** What follows a closing mark at once is no word: otherwise it is the opening mark of a later line. */
const WORD_OR_QUOTE = /[\p{L}\p{N}_"'`]/u;

function closeOfTriple(look: Look, at: number, marks: string): number | undefined {
  if (look.left <= 0) return undefined;
  const close = look.text.indexOf(marks, at + 3);
  return close < 0 ? inVain(look, look.text.length - at) : close + 3;
}

function inVain(look: Look, length: number): undefined {
  look.left -= length;
  return undefined;
}

const LABEL = /label +[\p{L}_.]/uy;

/** No expression goes on with a label at the margin: there the bracket was forgotten. */
function beginsALabel(text: string, at: number): boolean {
  LABEL.lastIndex = at;
  return LABEL.test(text);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
