import { isDocument, type Document } from '../document.js';
import type { Losses } from './losses.js';
import type { Shot } from './shot.js';
import { mapIn } from './shots-of-document.js';

/** Says what of the story is lost with a format that has a place for shots alone. */
export function loseStory(state: Document, shots: Shot[], losses: Losses, { keepsWords = false } = {}): void {
  const told = new Map(shots.map(({ ids, name }) => [ids.beat, name]));
  const beats = Object.entries(mapIn(state, 'beats'));
  const hidden = beats.filter(([id]) => !told.has(id)).length;
  if (hidden > 0) losses.add('A beat that no shot shows is left out.', hidden);
  const written = beats.filter(
    ([id, beat]) => told.has(id) && isDocument(beat) && saysMore(beat, told.get(id)!),
  ).length;
  if (written > 0 && !keepsWords)
    losses.add('What is said in a beat (narration, dialogue, camera, people) is left out.', written);
  const people = Object.keys(mapIn(state, 'characters')).length;
  if (people > 0) losses.add(keepsWords ? 'Of a character only the name is kept.' : 'A character is left out.', people);
  const used = new Set(shots.map(({ media }) => media.id));
  const unused = Object.keys(mapIn(state, 'assets')).filter((id) => !used.has(id)).length;
  if (unused > 0) losses.add('A medium that no shot shows is left out.', unused);
}

/** Whether a beat says more than its shot is called. */
const saysMore = ({ narration, dialogue, cameraDescription }: Document, name: string): boolean =>
  [narration, dialogue, cameraDescription].some((text) => typeof text === 'string' && text !== '' && text !== name);
