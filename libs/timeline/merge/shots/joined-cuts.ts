import type { Path } from '../conflict.js';
import { fieldOf, isDocument, type Document } from '../../document.js';
import { asEntities, idOfKey } from '../keyed-list.js';
import { subjectOf } from '../subject-of.js';
import type { Versions } from '../versions.js';

/** A cut that both sides made at one frame: the shot that it is now, and the ids by which only one side knew it. */
export interface JoinedCut {
  path: Path;
  id: string | number;
  name: string;
  aliases: string[];
}

/** The cuts that a merge made one; those that were one before are not told again. */
export function joinedCuts(merged: Document, versions: Versions<Document>): JoinedCut[] {
  const known = new Set(Object.values(versions).flatMap((document) => [...aliasesIn(document)].flatMap(pairsOf)));
  return [...aliasesIn(merged)].flatMap(({ path, aliases }) => {
    const id = path.at(-1)!;
    const fresh = aliases.filter((alias) => !known.has(pair(id, alias)));
    const { name } = subjectOf(path, [merged, versions.ours, versions.theirs]);
    return fresh.length === 0 ? [] : [{ path, id, name, aliases: fresh }];
  });
}

/** Says it in one sentence. */
export function joinedCutInWords(
  { name, aliases }: Pick<JoinedCut, 'name' | 'aliases'>,
  language: 'en' | 'zh',
): string {
  const others = aliases.map((alias) => `“${alias}”`);
  return language === 'zh'
    ? `双方在同一处剪开了同一个镜头：这两刀合为一刀，后半段保留为“${name}”（另一方称其为${others.join('、')}）`
    : `Both sides cut the same shot in the same place: the two cuts are one, and what follows stays as “${name}” (the other side calls it ${others.join(', ')})`;
}

interface Known {
  path: Path;
  aliases: string[];
}

function* aliasesIn(document: Document): Generator<Known> {
  for (const [row, track] of asEntities(document.editorData ?? []) ?? [])
    for (const [key, action] of asEntities(fieldOf(track, 'actions') ?? []) ?? []) {
      const aliases: unknown = isDocument(action) ? action.aliases : undefined;
      if (!Array.isArray(aliases)) continue;
      const names = aliases.filter((alias) => typeof alias === 'string');
      yield { path: ['editorData', idOfKey(row), 'actions', idOfKey(key)], aliases: names };
    }
}

const pair = (id: string | number, alias: string): string => JSON.stringify([id, alias]);
const pairsOf = ({ path, aliases }: Known): string[] => aliases.map((alias) => pair(path.at(-1)!, alias));
