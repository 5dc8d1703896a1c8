import fc from 'fast-check';
import { after, disputed, twoSessions, type TwoSessions } from '#libs/testing/editing-sessions';
import type { Json } from '#libs/testing/film-edits';
import { canonicalJson } from '../canonical-json.js';
import type { Path } from './conflict.js';
import { mergeDocuments } from './merge-documents.js';

const RUNS = { numRuns: Number(process.env.SESSION_RUNS ?? 200) };

/** A film in which the order of what has a time says nothing. */
const settled = (film: Json): string => {
  const sorted = (list: Json[]) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
  const rows = film.editorData.map((row: Json) => ({ ...row, actions: sorted(row.actions) }));
  return plain({ ...film, markers: sorted(film.markers), editorData: sorted(rows) });
};
/** Times are what they are to the millionth of a second. */
const plain = (value: Json): string =>
  canonicalJson(
    JSON.parse(
      JSON.stringify(value ?? null, (_key, part: unknown) =>
        typeof part === 'number' ? Math.round(part * 1e6) : part,
      ),
    ),
  );
const tell = ({ ours, theirs }: TwoSessions): string => JSON.stringify([ours.actions, theirs.actions]);

test('two sessions that do not touch each other are merged as if held one after the other', () => {
  fc.assert(
    fc.property(twoSessions, (sessions) => {
      const { base, ours, theirs } = sessions;
      if (disputed(sessions).size > 0) return;
      const both = [after(ours.film, theirs), after(theirs.film, ours)].map(settled);
      expect([tell(sessions), both[1]]).toEqual([tell(sessions), both[0]]);
      const { merged, conflicts } = mergeDocuments(base, ours.film, theirs.film);
      expect([tell(sessions), conflicts]).toEqual([tell(sessions), []]);
      expect([tell(sessions), settled(merged)]).toEqual([tell(sessions), both[0]]);
    }),
    RUNS,
  );
});

test('sessions that do touch each other conflict where they do, and all else is as if held one after the other', () => {
  fc.assert(
    fc.property(twoSessions, (sessions) => {
      const { base, ours, theirs } = sessions;
      const torn = disputed(sessions);
      if (torn.size === 0) return;
      const originOf = (id: string): string => ours.origins.get(id) ?? theirs.origins.get(id) ?? id;
      const orders = [after(ours.film, theirs), after(theirs.film, ours)];
      const films = [base, ours.film, theirs.film, ...orders].map(thingsIn);
      const tracks = new Set(rippledAround(sessions, torn));
      const isTorn = (id: string): boolean =>
        torn.has(originOf(id)) ||
        films.some((film) => torn.has(film.get(id)?.track) || tracks.has(film.get(id)?.track));
      const { merged, conflicts } = mergeDocuments(base, ours.film, theirs.film);
      const told = conflicts.flatMap(({ path, also = [] }) => [path, ...also.map((place) => place.path)]).map(idIn);
      expect([tell(sessions), told.filter((id) => !isTorn(id))]).toEqual([tell(sessions), []]);
      const [now, [first, second]] = [thingsIn(merged), orders.map(thingsIn) as [Things, Things]];
      for (const id of new Set([...now.keys(), ...first.keys(), ...second.keys()])) {
        if (isTorn(id)) continue;
        const [one, other, is] = [first, second, now].map((film) => plain(film.get(id)));
        if (is !== other) expect([tell(sessions), id, is]).toEqual([tell(sessions), id, one]);
      }
    }),
    RUNS,
  );
});

/** The tracks on which what comes later depends on a shot that is disputed. */
function rippledAround({ base, ours, theirs }: TwoSessions, torn: ReadonlySet<string>): string[] {
  const tracks = [...ours.touches, ...theirs.touches].flatMap(({ thing, how }) => (how === 'ripple' ? [thing] : []));
  const films = [base, ours.film, theirs.film].map(thingsIn);
  return tracks.filter((track) => [...torn].some((id) => films.some((film) => film.get(id)?.track === track)));
}

type Things = ReadonlyMap<string, Json>;

/** Every thing of a film by its id; a shot with its track, and with all that it is made of. */
function thingsIn({ editorData, effects, markers, editorState: state }: Json): Things {
  const shots = editorData.flatMap(({ id: track, actions }: Json) =>
    actions.map((action: Json) => {
      const item = state.timelineItems[action.id];
      const made = { item, clip: state.clips[item?.clipId], effect: effects[action.effectId] };
      return [action.id, { track: `track ${track}`, action, ...made }];
    }),
  );
  const others = [...markers, ...Object.values<Json>(state.beats), ...Object.values<Json>(state.transitions)];
  return new Map([...shots, ...others.map((thing) => [thing.id, thing])]);
}

function idIn([first, second, third, fourth]: Path): string {
  const id = first === 'editorData' ? fourth : first === 'editorState' ? third : second;
  return String(id).replace(/^clip-/, '');
}
