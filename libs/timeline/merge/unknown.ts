import { isDocument, type Document } from '../document.js';

const UNKNOWN: unique symbol = Symbol('unknown');

/**
 * Stands in a merged base where the bases themselves disagree: it is like nothing, itself included, so that what is
 * merged over it is decided only where both sides agree. It keeps the id of what it stands for, to be found in lists.
 */
export function unknownLike(value: unknown): Document {
  const thing: Document = isDocument(value) && Object.hasOwn(value, 'id') ? { id: value.id } : {};
  return Object.defineProperty(thing, UNKNOWN, { value: true });
}

export const isUnknown = (value: unknown): boolean => isDocument(value) && Object.hasOwn(value, UNKNOWN);
