import { isDocument, type Document } from '../document.js';
import { nestsDeeperThan, parseExact } from '../exact-json.js';
import { xml, isXmlText, type XmlElement } from './xml.js';

const PREFIX = 'com.evidverse.';
const MOST_NESTED = 100;

/** The metadata element that keeps these notes; what is no text is noted as JSON. Nothing if there is nothing to note. */
export function notesElement(notes: Record<string, unknown>): XmlElement[] {
  const entries = Object.entries(notes).flatMap(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text === undefined || !isXmlText(text) ? [] : [xml('md', { key: PREFIX + key, value: text })];
  });
  return entries.length === 0 ? [] : [xml('metadata', {}, entries)];
}

/** What a file of ours noted on an element, and whether other programs noted something too. */
export function notesIn(element: XmlElement | undefined): { notes: Map<string, string>; hasOthers: boolean } {
  const entries = (element?.children ?? []).filter(({ name }) => name === 'metadata').flatMap((each) => each.children);
  const notes = new Map<string, string>();
  for (const { attributes } of entries) {
    const key = attributes.get('key') ?? '';
    const value = attributes.get('value');
    if (key.startsWith(PREFIX) && value !== undefined) notes.set(key.slice(PREFIX.length), value);
  }
  return { notes, hasOthers: entries.length > notes.size };
}

/** A note that is JSON: a list of what `accept` takes, or nothing. */
export function listNote<T>(text: string | undefined, accept: (value: unknown) => value is T): T[] {
  const value = jsonIn(text);
  return Array.isArray(value) ? value.filter(accept) : [];
}

/** A note that is a JSON object, or nothing. */
export function objectNote(text: string | undefined): Document | undefined {
  const value = jsonIn(text);
  return isDocument(value) ? value : undefined;
}

function jsonIn(text: string | undefined): unknown {
  try {
    return text === undefined || nestsDeeperThan(MOST_NESTED, text) ? undefined : parseExact(text);
  } catch {
    return undefined;
  }
}
