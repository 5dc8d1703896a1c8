import { RenpyScanner, type Quoted } from './renpy-scanner.js';

/** What a statement lets somebody say. */
export interface Words {
  readonly speaker?: string;
  readonly quoted: boolean;
  readonly attributes: readonly string[];
  readonly words: Quoted;
  readonly transition?: string;
  readonly fault?: string;
}

const LONGEST_NAME = 200;
const MOST_ATTRIBUTES = 30;

/** The words of a say statement or a narration; undefined where the statement is something else. */
export function wordsOf(text: string): Words | undefined {
  const scanner = new RenpyScanner(text);
  const spoken = twoStrings(scanner) ?? named(scanner);
  if (spoken === undefined) return undefined;
  const { transition, left } = tail(scanner);
  if (left === '') return { ...spoken, ...(transition !== undefined && { transition }) };
  return text.endsWith('"')
    ? { ...betweenOuterMarks(text, spoken), fault: 'Quotation marks inside a text must be written \\".' }
    : { ...spoken, fault: `What follows the text is not understood: ${left.slice(0, 60)}` };
}

/** `"text"`, `"Bob" "text"` or `"Bob" happy "text"`. */
function twoStrings(scanner: RenpyScanner): Words | undefined {
  const first = scanner.string();
  if (first === undefined) return undefined;
  const after = scanner.at;
  const attributes = /^\s/.test(scanner.text.slice(after, after + 1)) ? attributesOf(scanner) : [];
  const second = scanner.string();
  if (second && first.text.length <= LONGEST_NAME)
    return { speaker: first.text.trim(), quoted: true, attributes, words: second };
  scanner.at = after;
  return { quoted: false, attributes: [], words: first };
}

/** `e "text"` or `e happy "text"`. */
function named(scanner: RenpyScanner): Words | undefined {
  const speaker = scanner.name();
  if (speaker === undefined || speaker.length > LONGEST_NAME) return undefined;
  const attributes = attributesOf(scanner);
  const words = scanner.string();
  return words && { speaker, quoted: false, attributes, words };
}

function attributesOf(scanner: RenpyScanner): string[] {
  const attributes: string[] = [];
  for (let next = stringNext(scanner) ? undefined : scanner.attribute(); next !== undefined;) {
    attributes.push(next.slice(0, LONGEST_NAME).toWellFormed());
    next = attributes.length < MOST_ATTRIBUTES && !stringNext(scanner) ? scanner.attribute() : undefined;
  }
  return attributes;
}

/** A string may begin with a letter (`r"…"`), which is then no attribute. */
function stringNext(scanner: RenpyScanner): boolean {
  scanner.atEnd();
  return /^(?:[uU]?[rR]|[uU])?["'`]/.test(scanner.text.slice(scanner.at, scanner.at + 3));
}

function tail(scanner: RenpyScanner): { transition?: string; left: string } {
  scanner.parenthesis();
  while (!scanner.atEnd()) {
    if (scanner.keyword('with')) return { transition: scanner.rest(), left: '' };
    if (scanner.keyword('nointeract')) continue;
    if (scanner.keyword('id')) scanner.name();
    else return { left: scanner.rest() };
  }
  return { left: '' };
}

/** The author forgot to escape: what is meant goes from the first mark to the last. */
function betweenOuterMarks(text: string, spoken: Words): Words {
  const first = text.indexOf('"');
  const inner = text.slice(first + 1, -1);
  const before = text.slice(0, first).trim();
  if (before !== '') return { ...spoken, words: { text: inner } };
  return { quoted: false, attributes: [], words: { text: inner } };
}
