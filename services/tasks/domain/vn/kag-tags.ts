/** A tag of KAG: `[name a=b c="d e"]`, or `@name a=b` as a line of its own. */
export interface Tag {
  readonly name: string;
  /** Names of attributes are lower case; one without a value is `true`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly rest: string;
}

/** A line of a KAG script in parts: text, and the tags between. */
export interface TaggedLine {
  readonly parts: readonly (string | Tag)[];
  readonly fault?: string;
}

const MOST_PARTS = 250_000;

/** Takes a line apart; a bracket that is never closed is text, and told. The time is linear in the line. */
export function taggedLine(line: string): TaggedLine {
  const parts: (string | Tag)[] = [];
  let text = '';
  for (let at = 0; at < line.length;) {
    const open = line.indexOf('[', at);
    text += line.slice(at, open < 0 ? line.length : open);
    if (open < 0) break;
    if (line[open + 1] === '[') {
      text += '[';
      at = open + 2;
      continue;
    }
    const close = endOfTag(line, open + 1);
    if (close < 0) {
      parts.push(text + line.slice(open));
      return { parts, fault: 'A square bracket is never closed; what follows it was read as text.' };
    }
    if (parts.length > MOST_PARTS)
      return { parts, fault: `The line has more than ${MOST_PARTS} parts; the rest was not read.` };
    if (text !== '') parts.push(text);
    text = '';
    parts.push(readTag(line.slice(open + 1, close)));
    at = close + 1;
  }
  if (text !== '') parts.push(text);
  return { parts };
}

/** Reads what stands between the brackets, or after the `@`. */
export function readTag(inside: string): Tag {
  const name = /^\s*([^\s=]*)/.exec(inside)![1]!;
  const rest = inside.slice(inside.indexOf(name) + name.length).trim();
  return { name: name.toLowerCase(), attributes: attributesOf(rest), rest };
}

/** The bracket that closes a tag; brackets inside quoted values do not, unless the quotation is never closed. */
function endOfTag(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    const char = line[at]!;
    if (char === ']') return at;
    if ((char === '"' || char === "'") && /[=\s]/.test(line[at - 1]!)) {
      const close = line.indexOf(char, at + 1);
      if (close < 0) return line.indexOf(']', at);
      at = close;
    }
  }
  return -1;
}

const ATTRIBUTE = /([^\s="']+)(?:[ \t]*=[ \t]*(?:"([^"]*)"?|'([^']*)'?|([^\s"'][^\s]*)?))?|["'=]/g;

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, double, single, bare] of text.matchAll(ATTRIBUTE))
    if (name !== undefined) attributes.set(name.toLowerCase(), double ?? single ?? bare ?? 'true');
  return attributes;
}
