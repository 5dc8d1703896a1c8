import { canonicalJson } from './canonical-json.js';
import { conflict, type Conflict, type Path } from './conflict.js';
import { isDocument, type Document } from './document.js';
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
 * The things that one side deleted and the other began to use: what the merged document names and lacks, though neither
 * input did. Each deleted thing is one conflict, unless `known` has one about it already.
 */
export function checkReferences(
  merged: Document,
  { base, ours, theirs }: Versions<Document>,
  known: Conflict[],
): Conflict[] {
  const before = new Set([...danglingUses(ours), ...danglingUses(theirs)].map(({ id }) => id));
  const fresh = danglingUses(merged).filter(({ id }) => !before.has(id));
  return [...Map.groupBy(fresh, ({ target }) => JSON.stringify(target)).values()].flatMap((uses) => {
    const { target } = uses[0]!;
    if (known.some(({ path }) => path.every((step, at) => step === target[at]))) return [];
    const found = each({ base, ours, theirs }, (version) => valueAt(version, target));
    return conflict('deleted_but_used', target, { ...found, used_by: uses.map(({ user }) => user) });
  });
}

/** The document with one of its things put back, everything else as it was. */
export function withValueAt(document: Document, [step, ...rest]: Path, value: unknown): Document {
  const key = String(step);
  const inner = Object.hasOwn(document, key) && isDocument(document[key]) ? document[key] : {};
  return { ...document, [key]: rest.length === 0 ? value : withValueAt(inner, rest, value) };
}

interface Use {
  /** The same use has the same id in every version, wherever the user stands. */
  id: string;
  user: Path;
  target: Path;
}

function danglingUses(document: Document): Use[] {
  return [...uses(document)].filter(({ target }) => valueAt(document, target) === undefined);
}

function* uses(document: Document): Generator<Use> {
  const state = ownValue(document, 'editorState');
  for (const [users, field, targets] of REFERENCES) {
    for (const [id, user] of entriesOf(ownValue(state, users))) {
      yield* usesOf(ownValue(user, field), ['editorState', users, id, field], ['editorState', targets]);
    }
  }
  yield* usesOf(ownValue(state, 'sceneOrder'), ['editorState', 'sceneOrder'], ['editorState', 'scenes']);
  for (const [, row] of entriesOf(ownValue(document, 'editorData'))) {
    for (const [, action] of entriesOf(ownValue(row, 'actions'))) {
      const [rowId, id] = [row, action].map((thing) => canonicalJson(ownValue(thing, 'id') ?? null));
      const user = ['editorData', idOfKey(rowId!), 'actions', idOfKey(id!), 'effectId'];
      yield* usesOf(ownValue(action, 'effectId'), user, ['effects'], id);
    }
  }
}

function* usesOf(value: unknown, user: Path, targets: Path, name = JSON.stringify(user)): Generator<Use> {
  for (const id of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (typeof id === 'string') yield { id: JSON.stringify([name, id]), user, target: [...targets, id] };
  }
}

const valueAt = (document: Document, path: Path): unknown =>
  path.reduce((value: unknown, step) => ownValue(value, String(step)), document);

const ownValue = (value: unknown, key: string): unknown =>
  isDocument(value) && Object.hasOwn(value, key) ? value[key] : undefined;

const entriesOf = (value: unknown): [string, unknown][] =>
  Array.isArray(value) || isDocument(value) ? Object.entries(value) : [];
