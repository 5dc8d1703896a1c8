import type { Entity } from '../diff/change.js';
import { nameOf } from '../diff/film.js';
import { beatName, sceneName } from '../diff/story.js';
import { isDocument, type Document } from '../document.js';
import { valueAt, whereabouts } from './at-path.js';
import type { Path } from './conflict.js';

/** What a path is about, in the words of people: a thing, what it is called, and the field of it, if it is one. */
export interface Subject {
  entity: Entity;
  id: string | number;
  name: string;
  /** The field within the thing, `a.b` for a field of a field; absent when it is about the whole thing. */
  field?: string;
}

const TABLES: Readonly<Record<string, Entity>> = {
  scenes: 'scene',
  beats: 'beat',
  characters: 'character',
  assets: 'asset',
  clips: 'clip',
  timelineItems: 'timeline_item',
};

/** What a path is about; the thing is called what the first of the documents that has it calls it. */
export function subjectOf(path: Path, documents: readonly Document[]): Subject {
  const [first, second, third, fourth] = path;
  if (first === 'editorData' && third === 'actions' && fourth !== undefined)
    return about('shot', path.slice(0, 4), path.slice(4), documents);
  if (first === 'editorData' && second !== undefined) return about('track', path.slice(0, 2), path.slice(2), documents);
  if (first === 'effects' && second !== undefined) return about('effect', path.slice(0, 2), path.slice(2), documents);
  if (first === 'editorState' && second === 'sceneOrder' && third !== undefined)
    return about('scene', ['editorState', 'scenes', third], [], documents);
  if (first === 'editorState' && fourth === 'beatIds' && path[4] !== undefined)
    return about('beat', ['editorState', 'beats', path[4]], [], documents);
  const entity = first === 'editorState' ? TABLES[String(second)] : undefined;
  if (entity !== undefined && third !== undefined) return about(entity, path.slice(0, 3), path.slice(3), documents);
  return { entity: 'value', id: path.at(-1) ?? '', name: path.join(' › ') };
}

function about(entity: Entity, thing: Path, rest: Path, documents: readonly Document[]): Subject {
  const id = thing.at(-1)!;
  const names = documents.map((document) => nameIn(entity, valueAt(document, whereabouts(document, thing)), document));
  const name = names.find((found) => found !== undefined) ?? String(id);
  return { entity, id, name, ...(rest.length > 0 && { field: rest.join('.') }) };
}

/** Shots are called what their effect is called. */
function nameIn(entity: Entity, thing: unknown, document: Document): string | undefined {
  if (!isDocument(thing)) return undefined;
  if (entity === 'beat') return beatName(thing);
  if (entity === 'scene') return sceneName(thing);
  return nameOf(entity === 'shot' ? valueAt(document, ['effects', String(thing.effectId)]) : thing);
}
