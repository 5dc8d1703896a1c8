import type { Id, Named } from './change.js';
import { ownField } from './diff-values.js';
import { isDocument, type Document } from '../document.js';
import { nameOf } from './film.js';
import { secondsOf } from './shot-timing.js';

/** What a document tells: its scenes and beats by their ids, and the order of the scenes, if it has one. */
export interface Story {
  scenes: Document;
  beats: Document;
  sceneOrder: unknown;
}

export const SCENES = { entity: 'scene' as const, path: ['editorState', 'scenes'] };
export const BEATS = { entity: 'beat' as const, path: ['editorState', 'beats'] };

/** What a scene is called, if it is. */
export const sceneName = (scene: Document): string | undefined => textOf(scene, 'title') ?? nameOf(scene);

/** Beats have no name; they are known by how their text begins. */
export function beatName(beat: Document): string | undefined {
  const text = textOf(beat, 'narration') ?? textOf(beat, 'dialogue') ?? textOf(beat, 'cameraDescription');
  const letters = [...(text ?? '')];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME).join('')}…` : text;
}
const LONGEST_NAME = 40;

export function namedScene({ scenes }: Story, id: string): Named {
  const scene = ownField(scenes, id);
  return { id, name: (isDocument(scene) ? sceneName(scene) : undefined) ?? id };
}

/** Whether there is such a thing in a table. */
export const isThing = (things: Document, id: Id): boolean => isDocument(ownField(things, String(id)));

/** Whether nothing at all stands in a table under an id. */
export const isAbsent = (things: Document, id: Id): boolean => ownField(things, String(id)) === undefined;

/** Whether a number says what the order says, counted from 0 or from 1. */
export function isNumbered(value: unknown, at: number | undefined): boolean {
  const number = secondsOf(value);
  return at !== undefined && (number === at || number === at + 1);
}

const textOf = (thing: Document, field: string): string | undefined => {
  const text = ownField(thing, field);
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
};
