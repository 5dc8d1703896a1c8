import { compile } from 'css-select';
import { checkJsonSelector } from './json-page.js';
import { namesIn } from './template.js';

/** Why a selector cannot be used on a page, or in JSON as a path, whatever its templates put in; undefined where it can. */
export function selectorProblem(selector: string, format: 'html' | 'json' | 'xml' = 'html'): string | undefined {
  try {
    namesIn(selector);
    // With what its templates put in, and with nothing of it.
    for (const text of new Set([shown(selector, 'x'), shown(selector, '')]))
      if (format === 'json') checkJsonSelector(text.replace(/^\.+/, ''));
      else if (text.trim() !== '' || !selector.includes('{{')) compile(text);
    return undefined;
  } catch (error) {
    return `${JSON.stringify(selector.slice(0, 200))}: ${(error as Error).message}`;
  }
}

/** A text with `word` for each value that is put in, and all that stands under conditions or nothing of it. */
function shown(text: string, word: string): string {
  if (!text.includes('{{')) return text;
  const conditional = /\{\{\s*if\b[^}]*\}\}((?:(?!\{\{\s*(?:if|else|end)\b)[\s\S])*)(?:\{\{\s*else\s*\}\}((?:(?!\{\{\s*(?:if|end)\b)[\s\S])*))?\{\{\s*end\s*\}\}/; // prettier-ignore
  let plain = text;
  for (let found = conditional.exec(plain); found; found = conditional.exec(plain))
    plain = plain.slice(0, found.index) + ((word === '' ? found[2] : found[1]) ?? '') + plain.slice(found.index + found[0].length);
  return plain.replace(/\{\{[^}]*\}\}/g, 'x');
} // prettier-ignore
