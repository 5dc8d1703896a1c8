import { DomUtils, parseDocument } from 'htmlparser2';

/** A text with `&amp;` and the like read; whatever looks like an element stays text. */
export const decoded = (text: string): string =>
  text.includes('&')
    ? DomUtils.textContent(parseDocument(text.replaceAll('<', '&lt;'), { decodeEntities: true }))
    : text;

/** A text that means itself between tags and in quotes. */
export const encoded = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'); // prettier-ignore
