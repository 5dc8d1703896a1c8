import { isDocument, type Document } from '../document.js';

const COUNT: unique symbol = Symbol('stands for');

/** A thing of a list that stands for so many that are one after the other in all versions, itself the last of them. */
export const standIn = (thing: Document, count: number): Document => (count > 1 ? { ...thing, [COUNT]: count } : thing);

/** For how many things of its list one stands. */
export function countOf(thing: unknown): number {
  const count = isDocument(thing) ? (thing as { [COUNT]?: unknown })[COUNT] : undefined;
  return typeof count === 'number' ? count : 1;
}
