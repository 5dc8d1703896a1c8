import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node } from 'yaml';
import { AppError } from '#libs/errors/app-error';

/** A definition as it is written: every value a text, every map in its order and with what it holds twice. */
export type Tree = string | Tree[] | Block;

const MOST_CHARACTERS = 1_000_000;

/** A map of a definition, which knows what nobody has read of it. */
export class Block {
  private readonly read = new Set<string>();

  constructor(readonly pairs: readonly (readonly [string, Tree])[]) {}

  get(key: string): Tree | undefined {
    this.read.add(key);
    return this.pairs.findLast(([name]) => name === key)?.[1];
  }

  text(key: string): string | undefined {
    const value = this.get(key);
    return typeof value === 'string' ? value : undefined;
  }

  isTrue(key: string): boolean {
    return this.text(key)?.toLowerCase() === 'true';
  }

  block(key: string): Block | undefined {
    const value = this.get(key);
    return value instanceof Block ? value : undefined;
  }

  /** A list; a single value is a list of itself. */
  list(key: string): Tree[] {
    const value = this.get(key);
    return value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value];
  }

  unread(): string[] {
    return [...new Set(this.pairs.map(([key]) => key))].filter((key) => !this.read.has(key));
  }
}

/** Reads YAML as YamlDotNet reads it into texts. */
export function definitionTree(yaml: string): Block {
  if (yaml.length > MOST_CHARACTERS)
    throw new AppError('invalid', `A definition may have ${MOST_CHARACTERS} characters.`);
  const document = documentsIn(yaml).find(({ contents }) => isMap(contents));
  const [error] = document?.errors ?? [];
  if (error) throw new AppError('invalid', `The definition is not YAML: ${error.message}`);
  if (!document?.contents) throw new AppError('invalid', 'The definition is not a map.');
  return treeOf(document.contents as Node, 0) as Block;
}

function documentsIn(yaml: string): Document[] {
  try {
    const documents = parseAllDocuments(yaml, { uniqueKeys: false, maxAliasCount: 0 } as object);
    return Array.isArray(documents) ? documents : [];
  } catch (cause) {
    throw new AppError('invalid', `The definition is not YAML: ${(cause as Error).message}`, undefined, { cause });
  }
}

function treeOf(node: unknown, depth: number): Tree {
  if (depth > 30) throw new AppError('invalid', 'The definition is nested too deeply.');
  if (isAlias(node)) throw new AppError('invalid', 'A definition has no aliases.');
  if (isMap(node))
    return new Block(node.items.map(({ key, value }) => [keyOf(key), treeOf(value, depth + 1)] as const));
  if (isSeq(node)) return node.items.map((item) => treeOf(item, depth + 1));
  return asText(node);
}

/** No name of a definition may mean something to the language that reads it. */
function keyOf(node: unknown): string {
  const key = asText(node);
  if (key.split('|')[0] === '__proto__')
    throw new AppError('invalid', 'Nothing in a definition may be called __proto__.');
  return key;
}

/** A scalar as it was written, so that `1.0` and `False` stay what they are. */
function asText(node: unknown): string {
  if (!isScalar(node)) return '';
  return node.value === null ? '' : (node.source ?? String(node.value));
}
