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
const split =
  (by: number, tag: string): Edit =>
  (document, at) => {
    const shot = shotOf(document, at);
    const row = document.editorData.find(({ actions }: Json) => actions.includes(shot));
    row.actions.push({ ...shot, id: `item${tag}${at}`, start: shot.start + by });
    shot.end = shot.start + by;
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
  'split and deleted': [split(1, 'half'), deleteShot],
  'split where the other cut it away': [split(1, 'half'), (document, at) => (shotOf(document, at).end -= 1.5)],
  'both ends cut by both': [
    (document, at) => Object.assign(shotOf(document, at), { start: at * 2 + 0.1, end: at * 2 + 0.6 }),
    (document, at) => Object.assign(shotOf(document, at), { start: at * 2 + 0.4, end: at * 2 + 1.8 }),
  ],
  'head cut past the tail': [
    (document, at) => (shotOf(document, at).end -= 1.2),
    (document, at) => (shotOf(document, at).start += 1.4),
  ],
};

export const CONFLICT_CLASSES = Object.keys(CONFLICTS);

/** A pair of edits of a film that contradict each other, of a class. */
export function contradiction(name: string, random: () => number): { base: Json; ours: Json; theirs: Json } {
  const [edit, other] = CONFLICTS[name]!;
  const clips = 12 + 2 * Math.floor(random() * 24);
  const at = Math.floor(random() * clips);
  const [base, ours, theirs] = [film(clips), film(clips), film(clips)];
  const isTurned = random() < 0.5;
  edit(isTurned ? theirs : ours, at);
  other(isTurned ? ours : theirs, at);
  return { base, ours, theirs };
}
