/** Where a text stops being JSON, and why, in the words that clients of Python servers know. */
export interface JsonFault {
  readonly at: number;
  readonly words: string;
}

/** Finds the first fault of a text that is not JSON; in one pass, however long or deep the text is. */
export function jsonFault(text: string): JsonFault {
  const open: string[] = [];
  let next: 'value' | 'value or ]' | 'name' | 'name or }' | 'comma' = 'value';
  for (let at = pastSpace(text, 0); ; at = pastSpace(text, at)) {
    const sign = text[at] ?? '';
    if (next === 'comma') {
      const closing = open.at(-1) === '{' ? '}' : ']';
      if (open.length === 0) return { at, words: 'Extra data' };
      if (sign === closing) open.pop();
      else if (sign !== ',') return { at, words: "Expecting ',' delimiter" };
      else next = closing === '}' ? 'name' : 'value';
      at++;
    } else if (sign !== '' && ((next === 'name or }' && sign === '}') || (next === 'value or ]' && sign === ']'))) {
      open.pop();
      next = 'comma';
      at++;
    } else if (next === 'name' || next === 'name or }') {
      if (sign !== '"') return { at, words: 'Expecting property name enclosed in double quotes' };
      const end = pastString(text, at);
      if (typeof end !== 'number') return end;
      at = pastSpace(text, end);
      if (text[at] !== ':') return { at, words: "Expecting ':' delimiter" };
      next = 'value';
      at++;
    } else if (sign === '{' || sign === '[') {
      open.push(sign);
      next = sign === '{' ? 'name or }' : 'value or ]';
      at++;
    } else {
      const end = sign === '"' ? pastString(text, at) : pastScalar(text, at);
      if (typeof end !== 'number') return end;
      next = 'comma';
      at = end;
    }
  }
}

function pastSpace(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at++;
  return at;
}

function pastScalar(text: string, at: number): number | JsonFault {
  const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
  scalar.lastIndex = at;
  return scalar.test(text) ? scalar.lastIndex : { at, words: 'Expecting value' };
}

function pastString(text: string, start: number): number | JsonFault {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text[at] as string;
    if (sign === '"') return at + 1;
    if (sign < ' ') return { at, words: 'Invalid control character at' };
    if (sign === '\\' && !/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y.test(text.slice(at, at + 6)))
      return { at, words: 'Invalid \\escape' };
    if (sign === '\\') at++;
  }
  return { at: start, words: 'Unterminated string starting at' };
}
