import { fieldOf, isDocument, type Document } from '../../document.js';
import { sameValue } from '../same-value.js';
import { each, type Versions } from '../versions.js';
import { FilmShots, textIn } from './film-shot.js';

/**
 * What a merge of the differences of three versions has to know besides: the parts of the shots in question that nobody
 * touched, as ways to them. Asked again with these in the versions, it is what they in turn are made of; then nothing.
 */
export function contextOf(versions: Versions<Document>): string[][] {
  const films = each(versions, (document) => new FilmShots(document));
  if (!isAnyBothChanged(films)) return [];
  const wanted = new Map<string, string[]>();
  const want = (path: string[], id: string | undefined): void => {
    if (id === undefined) return;
    const full = [...path, id];
    const isThere = Object.values(versions).some((document) => has(document, full));
    if (!isThere) wanted.set(JSON.stringify(full), full);
  };
  for (const film of Object.values(films))
    for (const [id, { action }] of film.actions) {
      if (isSame(films, id)) continue;
      want(['editorState', 'timelineItems'], id);
      want(['effects'], textIn(action, 'effectId'));
      const item = fieldOf(fieldOf(film.document.editorState, 'timelineItems'), id);
      want(['editorState', 'clips'], textIn(item, 'clipId'));
    }
  return [...wanted.values()];
}

type Films = Versions<FilmShots>;

/** Whether both sides did something to one shot, be it its action, its item or its clip. */
function isAnyBothChanged(films: Films): boolean {
  for (const id of films.base.actions.keys())
    if (isChanged(films, 'ours', id) && isChanged(films, 'theirs', id)) return true;
  const tables = each(films, ({ document }) => fieldOf(document.editorState, 'clips'));
  const { base } = tables;
  if (!isDocument(base)) return false;
  return Object.keys(base).some((id) => {
    const [was, one, two] = [base[id], fieldOf(tables.ours, id), fieldOf(tables.theirs, id)];
    return !sameValue(was, one) && !sameValue(was, two);
  });
}

function isChanged(films: Films, side: 'ours' | 'theirs', id: string): boolean {
  const { base, [side]: film } = films;
  const [was, now] = [base.actions.get(id), film.actions.get(id)];
  const item = ({ document }: FilmShots) => fieldOf(fieldOf(document.editorState, 'timelineItems'), id);
  return was?.row !== now?.row || !sameValue(was?.action, now?.action) || !sameValue(item(base), item(film));
}

const isSame = (films: Films, id: string): boolean => !isChanged(films, 'ours', id) && !isChanged(films, 'theirs', id);

function has(document: Document, path: readonly string[]): boolean {
  let value: unknown = document;
  for (const key of path) value = fieldOf(value, key);
  return value !== undefined;
}
