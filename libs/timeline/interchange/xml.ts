import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { AppError } from '#libs/errors/app-error';

/** An element of an XML file. */
export interface XmlElement {
  name: string;
  attributes: Map<string, string>;
  children: XmlElement[];
}

/**
 * Reads the elements of an XML text. Nothing in the text makes it longer or leads out of it: a document type that
 * declares anything is refused, and of entities only characters are read.
 */
export function readXml(text: string): XmlElement {
  if (/<!ENTITY|<!DOCTYPE[^>]{0,1000}\[/i.test(text)) {
    throw unreadable('it declares entities or other things of its own, which are never read', 'the document type');
  }
  if (countOf('<', text, MOST_TAGS) > MOST_TAGS)
    throw unreadable('it has more than two million tags. No film that could be kept here has so many', 'the text');
  const roots = parsed(text).flatMap(elementOf);
  const [root] = roots;
  if (!root || roots.length > 1) throw unreadable('it holds no element, or several side by side', 'line 1');
  return root;
}

/** Writes an element and all in it, as a text that `readXml` reads the same. */
export function writeXml(root: XmlElement, doctype: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ${doctype}>\n${written(root, '')}`;
}

export function xml(
  name: string,
  attributes: Record<string, string | undefined>,
  children: XmlElement[] = [],
): XmlElement {
  const given = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { name, attributes: new Map(given), children };
}

/** Whether XML can hold all characters of a text. */
export const isXmlText = (text: string): boolean => text.isWellFormed() && !NO_XML.test(text);

const MOST_NESTED = 200;
const MOST_TAGS = 2_000_000;
/** The characters that XML 1.0 does not have. */
const NO_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MOST_NESTED,
});

function parsed(text: string): unknown[] {
  try {
    const validity = XMLValidator.validate(text);
    if (validity === true) return parser.parse(text) as unknown[];
    throw unreadable(validity.err.msg, `line ${validity.err.line}`);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreadable(error instanceof Error ? error.message : 'it is no XML', 'the text');
  }
}

/** How often a character stands in a text; no further than one beyond `most`. */
function countOf(character: string, text: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0 && count <= most; at = text.indexOf(character, at + 1)) count++;
  return count;
}

function unreadable(problem: string, where: string): AppError {
  const told = problem.startsWith("Invalid '[")
    ? 'an element is never closed'
    : problem.slice(0, 200).replace(/\.$/, '');
  return new AppError('invalid', `This XML cannot be read: ${told}. Give it as the editor wrote it.`, { where });
}

/** An element in the way that the parser gives it: one key with its name, and `:@` with its attributes. */
function elementOf(node: unknown): XmlElement[] {
  const { ':@': attributes = {}, ...rest } = node as Record<string, unknown>;
  const [name] = Object.keys(rest);
  if (name === undefined || name.startsWith('#')) return [];
  const given = Object.entries(attributes as Record<string, unknown>);
  return [
    {
      name,
      attributes: new Map(given.map(([key, value]) => [key, withCharacters(String(value))])),
      children: (rest[name] as unknown[]).flatMap(elementOf),
    },
  ];
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function withCharacters(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED[String(name).toLowerCase()]!;
    const code = decimal ? Number(decimal) : parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : String(whole);
  });
}

function written({ name, attributes, children }: XmlElement, indent: string): string {
  const given = [...attributes].map(([key, value]) => ` ${key}="${escaped(value)}"`).join('');
  if (children.length === 0) return `${indent}<${name}${given}/>\n`;
  return `${indent}<${name}${given}>\n${children.map((child) => written(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}

/** With all that has a meaning in XML, or would be read as a space, as numbers; what XML cannot hold is a replacement mark. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(new RegExp(NO_XML, 'g'), '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (character) => `&#${character.codePointAt(0)};`);
