import fc from 'fast-check';
import type { Json } from './film-edits.js';
import { act, laterThan, lengthOf, rowOf, sessionFilm, shotOf, shotsOf, type Action } from './session-film.js';

/** Two people's sessions on one film: what each did in the end, and what that has to do with things, by their names. */
export interface TwoSessions {
  base: Json;
  ours: Session;
  theirs: Session;
}
export interface Session {
  actions: Action[];
  film: Json;
  touches: Touch[];
  /** Of which shot of the film each new one was cut or copied. */
  origins: ReadonlyMap<string, string>;
}

/** What an action has to do with a thing: to what is done in one way, the other may do something in another way. */
export interface Touch {
  thing: string;
  how:
    | 'cut'
    | 'split'
    | 'move'
    | 'along'
    | 'track'
    | 'name'
    | 'group'
    | 'presence'
    | 'read'
    | 'use'
    | 'ripple'
    | 'members'
    | 'change';
}

/** Whether two people may do these to one thing without minding who was first. */
const isApart = (a: Touch['how'], b: Touch['how']): boolean => APART.has(`${a} ${b}`) || APART.has(`${b} ${a}`);
const APART = new Set(
  ['cut move', 'cut track', 'cut name', 'cut group', 'move name', 'move group', 'track name', 'track group'].concat(
    ['name group', 'members members', 'read read', 'use use', 'read use'],
    ['cut', 'split', 'move', 'along', 'track', 'name', 'group'].map((how) => `${how} use`),
    ['cut', 'split', 'along', 'name', 'group', 'presence', 'read'].map((how) => `${how} along`),
    ['ripple ripple'],
  ),
);

/** The things of which both did what cannot be done in any order. */
export function disputed({ ours, theirs }: TwoSessions): Set<string> {
  const ways = Map.groupBy(theirs.touches, ({ thing }) => thing);
  const found = ours.touches.filter(({ thing, how }) => ways.get(thing)?.some((other) => !isApart(how, other.how)));
  return new Set(found.map(({ thing }) => thing));
}

/** A film after somebody's actions. */
export function after(film: Json, { actions }: Session): Json {
  const copy = structuredClone(film);
  for (const action of actions) act(copy, action);
  return copy;
}

const step = fc.record({ kind: fc.nat(21), at: fc.nat(60), to: fc.nat(60), by: fc.integer({ min: 1, max: 23 }) });
type Step = { kind: number; at: number; to: number; by: number };

/** Sessions of two people who mostly keep to shots of their own. */
export const twoSessions: fc.Arbitrary<TwoSessions> = fc
  .record({
    count: fc.integer({ min: 2, max: 6 }),
    isShy: fc.boolean(),
    mine: fc.array(step, { minLength: 1, maxLength: 14 }),
    others: fc.array(step, { minLength: 1, maxLength: 14 }),
  })
  .map(({ count, isShy, mine, others }) => {
    const base = sessionFilm(count);
    const ours = session(base, mine, { tag: 'x', parity: isShy ? 0 : undefined });
    return { base, ours, theirs: session(base, others, { tag: 'y', parity: isShy ? 1 : undefined }) };
  });

interface Editor {
  tag: string;
  /** Keeps to the shots of even or of odd numbers, and to what it made itself. */
  parity: number | undefined;
}

/** Runs steps as an editor would: each on the film as it is by then; undone ones leave nothing. */
function session(base: Json, steps: readonly Step[], editor: Editor): Session {
  const done: { action: Action; touches: Touch[] }[] = [];
  const states = [structuredClone(base)];
  const origins = new Map<string, string>();
  steps.forEach((step, nth) => {
    const film = structuredClone(states.at(-1));
    if (step.kind === UNDO) {
      if (states.length > 1) states.pop();
      done.pop();
      return;
    }
    const action = actionOf(film, step, { ...editor, tag: `${editor.tag}${nth}` });
    if (!action) return;
    const before = done.flatMap((one) => one.touches);
    const touches = touchesOf(film, action, { originOf: (id) => origins.get(id) ?? id, before });
    if (action.kind === 'split' || action.kind === 'duplicate')
      origins.set(action.id, origins.get(action.shot) ?? action.shot);
    act(film, action);
    states.push(film);
    done.push({ action, touches });
  });
  return {
    actions: done.map(({ action }) => action),
    film: states.at(-1),
    touches: done.flatMap(({ touches }) => touches),
    origins,
  };
}

const UNDO = 20;

/** Of half a shot nobody can tell whether it went along. */
const HALF_GONE = ['move'] as const;

/** After these nobody can see that a track was closed up behind a shot: it was not there before, or not as long. */
const MOVING: ReadonlySet<string> = new Set(['cut', 'move', 'track', 'read']);

function actionOf(film: Json, { kind, at, to, by }: Step, { tag, parity }: Editor): Action | undefined {
  const isOwn = (id: string): boolean => {
    const number = /^(?:shot|beat|marker|mix)(\d+)$/.exec(id)?.[1];
    return parity === undefined || number === undefined || Number(number) % 2 === parity;
  };
  const pick = (ids: string[], nth: number): string | undefined => {
    const own = ids.filter(isOwn);
    return own[nth % own.length];
  };
  const shots: string[] = shotsOf(film).map(({ id }) => id);
  const shot = pick(shots, at);
  if (shot === undefined) return undefined;
  const state = film.editorState;
  const track = film.editorData[to % film.editorData.length].id as string;
  const fits = lengthOf(shotOf(film, shot)) > by;
  switch (kind) {
    case 0:
    case 1:
      return fits ? { kind: 'trimTail', shot, by } : undefined;
    case 2:
      return fits ? { kind: 'trimHead', shot, by } : undefined;
    case 3:
    case 4:
    case 5:
      return fits ? { kind: 'split', shot, by, id: tag, isDerived: to % 2 > 0, ownEffect: to % 3 > 0 } : undefined;
    case 6:
      return { kind: 'delete', shot };
    case 7:
    case 8:
      return { kind: 'rippleDelete', shot };
    case 9:
      return { kind: 'moveAcross', shot, track };
    case 10:
      return { kind: 'moveAlong', shot, by: by * to };
    case 11:
      return { kind: to % 2 ? 'nudge' : 'nudgeAndBack', shot, by };
    case 12:
      return { kind: 'duplicate', shot, id: tag, track, at: 48 * (12 + (to % 9)) + by };
    case 13:
      return { kind: 'regroup', shots: [shot, pick(shots, to)!], group: `group ${tag}` };
    case 14:
      return { kind: 'rename', shot, name: `Named ${tag}` };
    case 15:
      return { kind: 'mix', id: `mix${tag}`, from: shot, to: pick(shots, to)! };
    case 16: {
      const id = pick(Object.keys(state.transitions), at);
      return id === undefined ? undefined : { kind: 'mixLonger', id };
    }
    case 17:
      return { kind: 'mark', id: `mark${tag}`, at: 10 * to + by };
    case 18: {
      const ids = film.markers.map(({ id }: Json) => id as string);
      const id = pick(ids, at);
      return id === undefined ? undefined : { kind: to % 3 ? 'moveMark' : 'unmark', id, by };
    }
    case 19:
      return { kind: 'tell', beat: pick(Object.keys(state.beats), at)!, words: `Told ${tag}` };
    default:
      return { kind: 'addTrack', id: `V${tag}` };
  }
}

/** What an action has to do with which things. Halves and copies go by the shot that they are of. */
function touchesOf(
  film: Json,
  action: Action,
  { originOf, before }: { originOf: (id: string) => string; before: readonly Touch[] },
): Touch[] {
  const thing = (id: string): string => originOf(id);
  const on = (id: string, ...ways: Touch['how'][]): Touch[] => ways.map((how) => ({ thing: thing(id), how }));
  const track = (id: string, how: Touch['how']): Touch => ({ thing: `track ${id}`, how });
  const mixesOf = (id: string): Touch[] =>
    Object.values<Json>(film.editorState.transitions)
      .filter(({ from, to }) => from === id || to === id)
      .flatMap((mix) => on(mix.id, 'presence'));
  switch (action.kind) {
    case 'trimTail':
    case 'trimHead':
      return on(action.shot, 'cut');
    case 'split':
      return on(action.shot, 'split');
    case 'nudge':
    case 'moveAlong':
      return [...on(action.shot, 'move'), track(rowOf(film, action.shot).id, 'members')];
    case 'nudgeAndBack':
      return [];
    case 'delete':
    case 'rippleDelete': {
      const isHalf = before.some(({ thing: one, how }) => one === thing(action.shot) && how === 'split');
      const gone = [...on(action.shot, 'presence', ...(isHalf ? HALF_GONE : [])), ...mixesOf(action.shot)];
      const row = rowOf(film, action.shot).id as string;
      if (action.kind === 'delete') return gone;
      const hasMoved = before.some((one) => one.thing === thing(action.shot) && MOVING.has(one.how));
      const later = laterThan(film, action.shot).flatMap(({ id }) => on(id, hasMoved ? 'move' : 'along'));
      return [...gone, ...later, track(row, 'ripple')];
    }
    case 'moveAcross':
      return [
        ...on(action.shot, 'track'),
        track(rowOf(film, action.shot).id, 'members'),
        track(action.track, 'members'),
      ];
    case 'duplicate':
      return [...on(action.shot, 'read'), track(action.track, 'members')];
    case 'regroup':
      return action.shots.flatMap((id) => on(id, 'group'));
    case 'rename': {
      const { effectId } = shotOf(film, action.shot);
      const same: Json[] = shotsOf(film).filter((other) => other.effectId === effectId);
      return same.flatMap(({ id }) => on(id, 'name'));
    }
    case 'mix':
      return [...on(action.id, 'change'), ...on(action.from, 'use'), ...on(action.to, 'use')];
    case 'mixLonger':
    case 'moveMark':
    case 'unmark':
    case 'mark':
      return on(action.id, 'change');
    case 'tell':
      return on(action.beat, 'change');
    case 'addTrack':
      return [];
  }
}
