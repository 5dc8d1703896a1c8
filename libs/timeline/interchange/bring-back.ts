import { isDocument, type Document } from '../document.js';
import { asInFilm } from './as-in-film.js';
import { matchShots } from './match-shots.js';
import { putChanges } from './put-changes.js';
import { mapIn, shotsOfDocument } from './shots-of-document.js';
import type { Shot } from './shot.js';

/** One shot of a file or of a film: by its id in the film, and what it is called. */
export interface NamedShot {
  id: string;
  name: string;
}

/** How a film came back from another editor: which shots were known by what, which are new, and which are gone. */
export interface BroughtBack {
  document: Document;
  by_id: number;
  by_likeness: (NamedShot & { confidence: number })[];
  added: NamedShot[];
  removed: NamedShot[];
}

/**
 * The film with what another editor did to it. `sent` is the film as its format carried it there, so that what the format
 * cannot carry is no change and stays as it is in the film: its story, its media, and whatever else it has.
 */
export function broughtBack(film: Document, sent: Document, file: Document): BroughtBack {
  const [before, after] = [shotsOfDocument(sent).shots, shotsOfDocument(file).shots];
  const matches = matchShots(before, after);
  const cut = asBare(film, sent, asInFilm(sent, file, { matches, fileShots: after }));
  const kept = new Set(matches.map((match) => match.film));
  const known = new Set(matches.map((match) => match.file));
  return {
    document: putChanges(film, sent, cut),
    by_id: matches.filter(({ by }) => by === 'id').length,
    by_likeness: matches
      .filter(({ by }) => by === 'likeness')
      .map(({ film, confidence }) => ({ ...named(film), confidence })),
    added: after.filter((shot) => !known.has(shot)).map(named),
    removed: before.filter((shot) => !kept.has(shot)).map(named),
  };
}

const named = ({ ids, name }: Shot): NamedShot => ({ id: ids.timelineItem ?? '', name });

/** Of shots that are only placed in the film, nothing more is told by being placed elsewhere: only by showing something else. */
function asBare(film: Document, sent: Document, cut: Document): Document {
  const [had, was, is] = [film, sent, cut].map(({ editorState }) => (isDocument(editorState) ? editorState : {}));
  const items = { ...mapIn(is!, 'timelineItems') };
  const clips = { ...mapIn(is!, 'clips') };
  for (const [id, before] of Object.entries(mapIn(was!, 'timelineItems'))) {
    if (Object.hasOwn(mapIn(had!, 'timelineItems'), id) || !Object.hasOwn(items, id)) continue;
    const clipId = String((before as Document).clipId);
    const [shown, shows] = [mapIn(mapIn(was!, 'clips'), clipId), mapIn(clips, clipId)];
    if (shown.startOffset !== shows.startOffset || shown.assetId !== shows.assetId) continue;
    items[id] = before;
    if (Object.hasOwn(clips, clipId)) clips[clipId] = shown;
  }
  return { ...cut, editorState: { ...is, timelineItems: items, clips } };
}
