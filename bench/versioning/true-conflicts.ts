import { addScene, allActions, drop, film, type Json } from '#libs/testing/film-edits';

type Edit = (document: Json, at: number) => void;

const deleteShot: Edit = (document, at) => {
  for (const { actions } of document.editorData)
    drop(
      actions,
      actions.find(({ id }: Json) => id === `item${at}`),
    );
  delete document.effects[`item${at}`];
  delete document.editorState.timelineItems[`item${at}`];
};
const moveShot =
  (to: number): Edit =>
  (document, at) => {
    const shot = shotOf(document, at);
    for (const { actions } of document.editorData) drop(actions, shot);
    document.editorData[(at + to) % 3].actions.push(shot);
  };
const shotOf = (document: Json, at: number): Json => allActions(document).find(({ id }) => id === `item${at}`);

/** What two people do of which a person must decide: by name, the one's edit and the other's, of one shot or somebody. */
const CONFLICTS: Record<string, [Edit, Edit]> = {
  'one field, two values': [
    ({ effects }, at) => (effects[`item${at}`].name = 'Rain'),
    ({ effects }, at) => (effects[`item${at}`].name = 'Sun'),
  ],
  'deleted and trimmed': [deleteShot, (document, at) => (shotOf(document, at).end -= 0.5)],
  'one shot to two tracks': [moveShot(1), moveShot(2)],
  'somebody deleted and cast': [
    ({ editorState: { characters, beats } }, at) => {
      delete characters[`who${1 + (at % 3)}`];
      for (const beat of Object.values<Json>(beats)) drop(beat.characterIds, `who${1 + (at % 3)}`);
    },
    (document, at) => {
      addScene(document, 'new', ['new']);
      document.editorState.beats.beatnew.characterIds = [`who${1 + (at % 3)}`];
    },
  ],
  'head cut past the tail': [
    (document, at) => (shotOf(document, at).end -= 1.2),
    (document, at) => (shotOf(document, at).start += 1.4),
  ],
};

/** Pairs of edits of a film that contradict each other, so many of each class, by the name of the class. */
export function trueConflicts(
  pairs: number,
  random: () => number,
): [string, { base: Json; ours: Json; theirs: Json }[]][] {
  return Object.entries(CONFLICTS).map(([name, [edit, other]]) => {
    const made = Array.from({ length: pairs }, () => {
      const at = Math.floor(random() * 60);
      const [base, ours, theirs] = [film(60), film(60), film(60)];
      edit(ours, at);
      other(theirs, at);
      return { base, ours, theirs };
    });
    return [name, made];
  });
}
