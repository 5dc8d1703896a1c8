import { canonicalJson } from '../canonical-json.js';
import { conflict, type Conflict, type Path } from './conflict.js';
import { isDocument, type Document } from '../document.js';
import { idOfKey } from './keyed-list.js';
import { each, type Versions } from './versions.js';

/** Who names whom: a section of the editor's state, the field that names, and the section of what it names. */
const REFERENCES = [
  ['beats', 'sceneId', 'scenes'],
  ['beats', 'characterIds', 'characters'],
  ['scenes', 'beatIds', 'beats'],
  ['timelineItems', 'clipId', 'clips'],
  ['timelineItems', 'linkedBeatId', 'beats'],
  ['clips', 'assetId', 'assets'],
  ['assets', 'relatedBeatId', 'beats'],
  ['assets', 'relatedCharacterId', 'characters'],
] as const;

/**
 * The things that one side deleted and the other began to use: what a merged document names and lacks, though neither
 * input did. Each deleted thing is one conflict. Where sides disagree, `merged` are the results with either side in
 * force, and only what is lacking in both counts: the rest is a matter of that disagreement.
 */
export function checkReferences(merged: Document[], { base, ours, theirs }: Versions<Document>): Conflict[] {
  const known = new Set([ours, theirs].flatMap(danglingUses).map(({ id }) => id));
  const [first = [], ...others] = merged.map((document) => danglingUses(document).filter(({ id }) => !known.has(id)));
  const lacking = first.filter((use) => others.every((uses) => uses.some(({ id }) => id === use.id)));
  return [...Map.groupBy(lacking, ({ target }) => JSON.stringify(target)).values()].map((uses) => {
    const { target } = uses[0]!;
    const found = each({ base, ours, theirs }, (version) => valueAt(version, target));
    const ids = new Set(uses.map(({ id }) => id));
    const users = usesIn(found.ours === undefined ? theirs : ours, () => true).filter(({ id }) => ids.has(id));
    return conflict('deleted_but_used', target, { ...found, used_by: users.map(({ user }) => user) });
  });
}

/** Everything in a document that names the thing at a path. */
export function usesOf(document: Document, target: Path): { user: Path }[] {
  const [section, id] = [String(target.at(-2)), String(target.at(-1))];
  return usesIn(document, (table, name) => table === section && name === id);
}

interface Use {
  /** The same use has the same id in every version, wherever the user stands. */
  id: string;
  user: Path;
  target: Path;
}

function danglingUses(document: Document): Use[] {
  const state = ownValue(document, 'editorState');
  return usesIn(document, (section, id) => {
    const things = section === 'effects' ? ownValue(document, section) : ownValue(state, section);
    return ownValue(things, id) === undefined;
  });
}

/** The uses of the things asked for; nearly all uses of a film are in order, and are not worth an object each. */
function usesIn(document: Document, isAskedFor: (section: string, id: string) => boolean): Use[] {
  const found: Use[] = [];
  const look = (value: unknown, section: string, user: () => Path, name = user): void => {
    for (const id of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof id !== 'string' || !isAskedFor(section, id)) continue;
      const target = section === 'effects' ? [section, id] : ['editorState', section, id];
      found.push({ id: JSON.stringify([name(), id]), user: user(), target });
    }
  };
  const state = ownValue(document, 'editorState');
  for (const [users, field, section] of REFERENCES) {
    const things = ownValue(state, users);
    for (const id of keysOf(things)) {
      look(ownValue(ownValue(things, id), field), section, () => ['editorState', users, id, field]);
    }
  }
  look(ownValue(state, 'sceneOrder'), 'scenes', () => ['editorState', 'sceneOrder']);
  for (const row of listOf(ownValue(document, 'editorData'))) {
    for (const action of listOf(ownValue(row, 'actions'))) {
      const user = () => ['editorData', idOf(row), 'actions', idOf(action), 'effectId'];
      look(ownValue(action, 'effectId'), 'effects', user, () => ['effectId', idOf(action)]);
    }
  }
  return found;
}

const valueAt = (document: Document, path: Path): unknown =>
  path.reduce((value: unknown, step) => ownValue(value, String(step)), document);

const ownValue = (value: unknown, key: string): unknown =>
  isDocument(value) && Object.hasOwn(value, key) ? value[key] : undefined;

const keysOf = (value: unknown): string[] => (isDocument(value) ? Object.keys(value) : []);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
function idOf(thing: unknown): string | number {
  const id = ownValue(thing, 'id') ?? null;
  return typeof id === 'string' ? id : idOfKey(canonicalJson(id));
}
