import { canonicalJson } from '#libs/timeline/canonical-json';
import { isDocument, type Document } from '#libs/timeline/document';
import { nestsDeeperThan, parseExact } from '#libs/timeline/exact-json';
import { AppError } from '#libs/errors/app-error';

/** A document as people read and edit it: keys in order, two spaces, every digit, a line end at the end. */
export const prettyText = (document: Document): string =>
  `${JSON.stringify(parseExact(canonicalJson(document)), null, 2)}\n`;

const DEEPEST = 500;

/** Reads what people have edited; says where it is at fault. */
export function readDocumentText(text: string, path: string): Document {
  if (nestsDeeperThan(DEEPEST, text)) throw new AppError('invalid', `${path} nests deeper than ${DEEPEST} levels.`);
  let value: unknown;
  try {
    value = parseExact(text);
  } catch (thrown) {
    throw new AppError('invalid', `${path} is not JSON: ${(thrown as Error).message}`, undefined, { cause: thrown });
  }
  if (!isDocument(value)) throw new AppError('invalid', `${path} must hold one JSON object.`);
  return value;
}
