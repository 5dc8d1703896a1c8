import { AppError } from '#libs/errors/app-error';

/** What stands for a value in a template. */
export type Term =
  | { name: string }
  | { text: string }
  | { element: true }
  | { index: string }
  | { call: 'and' | 'or' | 'eq' | 'ne'; given: Term[] };

/** A template, read: words as they are, and what is to be put between them. */
export type Part =
  | string
  | { put: Term }
  | { when: Term; then: Part[]; otherwise: Part[] }
  | { each: string; index: string | undefined; body: Part[] }
  | { joined: string; by: string }
  | { replaced: string; pattern: string; with: string };

const MOST_CHARACTERS = 20_000;
const DEEPEST = 20;
const WORD = /\s*(?:(\.[\w.\-|]*)|"([^"]*)"|(\$\w+)|([a-z_]+)|([(),]|:=))/y;

/**
 * Reads a template: `{{ .Name }}`, `if … else … end`, `range`, `join`, `re_replace`, and `and`, `or`, `eq`, `ne` before what
 * they are asked of. There is nothing else: no calls, no assignments, no loops but over a list that is there.
 */
export function readTemplate(template: string): Part[] {
  if (template.length > MOST_CHARACTERS) throw unreadable(template, 'it is too long');
  const reader = { pieces: piecesOf(template), at: 0, template };
  const { parts, by } = readParts(reader, 0);
  if (by !== undefined) throw unreadable(template, `${by} stands alone`);
  return parts;
}

/** What stands in `{{ }}`, and what stands between. */
function piecesOf(template: string): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    const from = template.indexOf('{{', at);
    const to = from < 0 ? -1 : template.indexOf('}}', from + 2);
    if (to < 0) return [...pieces, template.slice(at)];
    pieces.push(template.slice(at, from), template.slice(from, to + 2));
    at = to + 2;
  }
}

interface Reader {
  pieces: string[];
  at: number;
  template: string;
}

/** Parts up to the `else` or `end` that closes them; behind an `else` may stand another `if`. */
function readParts(reader: Reader, depth: number): { parts: Part[]; by: 'else' | 'end' | undefined; behind: Word[] } {
  if (depth > DEEPEST) throw unreadable(reader.template, 'it is nested too deeply');
  const parts: Part[] = [];
  while (reader.at < reader.pieces.length) {
    const piece = reader.pieces[reader.at++]!;
    if (reader.at % 2 === 1) {
      if (piece !== '') parts.push(piece);
      continue;
    }
    const words = wordsIn(piece.slice(2, -2), reader.template);
    const first = words[0];
    if (first?.word === 'else' || first?.word === 'end') return { parts, by: first.word, behind: words.slice(1) };
    if (first?.word === 'if') parts.push(readIf(reader, words.slice(1), depth));
    else if (first?.word === 'range') {
      const name = words.at(-1)?.name;
      if (name === undefined || name === '.') throw unreadable(reader.template, 'range needs the name of a list');
      const body = readParts(reader, depth + 1);
      if (body.by !== 'end') throw unreadable(reader.template, 'a range has no end');
      parts.push({ each: name, index: words.find(({ index }) => index !== undefined)?.index, body: body.parts });
    } else if (first?.word === 'join' || first?.word === 're_replace') {
      const [, list, one, two] = words;
      if (
        list?.name === undefined ||
        one?.text === undefined ||
        (first.word === 're_replace') !== (two?.text !== undefined)
      )
        throw unreadable(reader.template, `${first.word} is not given what it needs`);
      parts.push(
        two?.text === undefined
          ? { joined: list.name, by: one.text }
          : { replaced: list.name, pattern: one.text, with: two.text },
      );
    } else parts.push({ put: onlyTerm(words, reader.template) });
  }
  return { parts, by: undefined, behind: [] };
}

/** What stands after an `if`, up to its end, which is also that of each `else if`. */
function readIf(reader: Reader, condition: readonly Word[], depth: number): Part {
  const when = onlyTerm(condition, reader.template);
  const { parts: then, by, behind } = readParts(reader, depth + 1);
  if (by === 'else' && behind[0]?.word === 'if')
    return { when, then, otherwise: [readIf(reader, behind.slice(1), depth + 1)] };
  if (behind.length > 0) throw unreadable(reader.template, `there is more than ${by} in {{ }}`);
  const last = by === 'else' ? readParts(reader, depth + 1) : { parts: [], by, behind };
  if (last.by !== 'end') throw unreadable(reader.template, 'an if has no end');
  return { when, then, otherwise: last.parts };
}

interface Word {
  name?: string;
  text?: string;
  index?: string;
  word?: string;
  sign?: string;
}

function wordsIn(action: string, template: string): Word[] {
  const words: Word[] = [];
  const text = action.trimEnd();
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.length) {
    const from = WORD.lastIndex;
    const found = WORD.exec(text);
    if (!found) throw unreadable(template, `${JSON.stringify(text.slice(from, from + 20))} is not known here`);
    const [, name, literal, index, word, sign] = found;
    if (name !== undefined) words.push({ name });
    else if (literal !== undefined) words.push({ text: literal });
    else if (index !== undefined) words.push({ index });
    else words.push(word === undefined ? { sign: sign! } : { word });
  }
  return words;
}

function onlyTerm(words: readonly Word[], template: string): Term {
  const at = { next: 0 };
  const term = readTerm(words, at, template, 0);
  if (at.next < words.length) throw unreadable(template, 'there is more in {{ }} than one value');
  return term;
}

function readTerm(words: readonly Word[], at: { next: number }, template: string, depth: number): Term {
  if (depth > DEEPEST) throw unreadable(template, 'it is nested too deeply');
  const { name, text, index, word, sign } = words[at.next++] ?? {};
  if (name !== undefined) return name === '.' ? { element: true } : { name };
  if (text !== undefined) return { text };
  if (index !== undefined) return { index };
  if (sign === '(') {
    const term = readTerm(words, at, template, depth + 1);
    if (words[at.next++]?.sign !== ')') throw unreadable(template, 'a parenthesis is not closed');
    return term;
  }
  if (word !== 'and' && word !== 'or' && word !== 'eq' && word !== 'ne')
    throw unreadable(template, word === undefined ? 'a value is missing' : `${word} is not known here`);
  const given: Term[] = [];
  const most = word === 'eq' || word === 'ne' ? 2 : Number.POSITIVE_INFINITY;
  while (given.length < most && at.next < words.length && words[at.next]!.sign !== ')')
    given.push(readTerm(words, at, template, depth + 1));
  if (given.length < Math.min(most, 1) || (most === 2 && given.length < 2))
    throw unreadable(template, `${word} is not given what it needs`);
  return { call: word, given };
}

const unreadable = (template: string, why: string) =>
  new AppError('invalid', `The template ${JSON.stringify(template.slice(0, 200))} cannot be read: ${why}.`);
