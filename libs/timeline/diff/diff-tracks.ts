import type { Change } from './change.js';
import { diffFields } from './diff-things.js';
import { diffOrder } from './diff-values.js';
import type { Film } from './film.js';

/** The changes of the tracks themselves, by their order; shots that came or went with their track are told of there. */
export function diffTracks(before: Film, after: Film): Change[] {
  const moved = new Set(diffOrder([...before.tracks.keys()], [...after.tracks.keys()]).moved);
  return [...new Set([...after.tracks.keys(), ...before.tracks.keys()])].flatMap((key): Change[] => {
    const [was, is] = [before.tracks.get(key), after.tracks.get(key)];
    const { id, name } = (is ?? was)!;
    const about = { entity: 'track' as const, id, path: ['editorData', id], name };
    if (!was) {
      const contents = is!.shots.filter((shot) => !before.shots.has(shot)).map((shot) => after.shots.get(shot)!.id);
      return [{ ...about, kind: 'added', after: is!.row, place: { at: is!.at }, contents }];
    }
    if (!is) {
      const contents = was.shots.filter((shot) => !after.shots.has(shot)).map((shot) => before.shots.get(shot)!.id);
      return [{ ...about, kind: 'removed', before: was.row, place: { at: was.at }, contents }];
    }
    const isEmpty = was.shots.length === 0 && is.shots.length === 0;
    const changes = diffFields(about, was.row, is.row, {
      nameField: 'name',
      isExplained: (field) => field === 'actions' && !isEmpty,
    });
    if (!moved.has(key)) return changes;
    return [{ ...about, kind: 'moved', before: { at: was.at }, after: { at: is.at } }, ...changes];
  });
}
