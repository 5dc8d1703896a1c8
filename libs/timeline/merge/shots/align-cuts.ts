import { canonicalJson } from '../../canonical-json.js';
import type { Document } from '../../document.js';
import { type Fraction } from '../../interchange/fraction.js';
import { conflict, type Conflict, type Path } from '../conflict.js';
import { sameValue } from '../same-value.js';
import { isNear, isUnchanged, timeLike } from '../times.js';
import { each, otherSide, type Keeper, type Versions } from '../versions.js';
import { madePart, type Made } from './cut-everywhere.js';
import { actionPath, clipPath, effectPath, FilmShots, itemPath, type FilmShot } from './film-shot.js';
import { placeIn } from './one-conflict-a-shot.js';
import { partsOfBoth } from './parts.js';
import { cutsOf, uncut, type Cut, type Piece } from './pieces.js';

/**
 * The three versions as if every cut that either side made in a shot which the other changed too had been there before:
 * so that one cut by both is one cut, cuts at different frames are both there, and what the other side did to the whole is
 * done to each part of it. Where a side cut away what the other made a piece of, somebody has to decide: a clash.
 */
export function alignCuts(versions: Versions<Document>): { made: Versions<Made[]>; clashes: Conflict[] } | undefined {
  const films = each(versions, (document) => new FilmShots(document));
  const cuts = { ours: cutsOf(films.base, films.ours), theirs: cutsOf(films.base, films.theirs) };
  if (cuts.ours.size + cuts.theirs.size === 0) return undefined;
  const made: Versions<Made[]> = { base: [], ours: [], theirs: [] };
  const clashes: Conflict[] = [];
  for (const id of [...new Set([...cuts.ours.keys(), ...cuts.theirs.keys()])].sort()) {
    const origin = films.base.shot(id)!;
    const side = (name: Keeper): Cut | undefined => {
      const now = films[name].shot(id);
      return cuts[name].get(id) ?? (now && uncut(origin, now, cuts[otherSide(name)].get(id)!));
    };
    if (SIDES.some((name) => !cuts[name].has(id) && isUntouched(origin, films[name].shot(id)))) continue;
    const both = { ours: side('ours'), theirs: side('theirs') };
    const parts = everywhere(origin, both);
    if (parts) for (const name of ['base', 'ours', 'theirs'] as const) made[name].push(...parts[name]);
    else clashes.push(clash(origin, both, versions));
  }
  return { made, clashes };
}

const SIDES = ['ours', 'theirs'] as const;

const isUntouched = (origin: FilmShot, now: FilmShot | undefined): boolean =>
  now !== undefined &&
  now.row === origin.row &&
  isUnchanged(origin.action, now.action) &&
  isUnchanged(origin.item, now.item);

function everywhere(origin: FilmShot, { ours, theirs }: Record<Keeper, Cut | undefined>): Versions<Made[]> | undefined {
  if (!ours?.pieces || !theirs?.pieces || ours.isBySource !== theirs.isBySource) return undefined;
  const sides = { ours: ours.pieces, theirs: theirs.pieces };
  const parts = partsOfBoth(sides, origin.id);
  if (!parts) return undefined;
  const whole = { shot: origin, from: origin.start, to: origin.end };
  const made: Versions<Made[]> = { base: [], ours: [], theirs: [] };
  for (const part of parts) {
    const [model = origin] = SIDES.flatMap(
      (name) => sides[name].find(({ shot }) => shot.id === part.id)?.shot ?? [],
    ).sort((a, b) => (writingOf(a) < writingOf(b) ? -1 : 1));
    const maker = sides.ours.some(({ shot }) => shot === model) ? sides.ours : sides.theirs;
    const uncutShot = maker.find(({ shot }) => shot.id === origin.id)?.shot ?? origin;
    const cutAt = (at: Fraction) => writtenCut(at, [...sides.ours, ...sides.theirs], origin);
    for (const [name, piece] of [
      ['base', whole],
      ['ours', part.ours],
      ['theirs', part.theirs],
    ] as [keyof typeof made, Piece][]) {
      const done = madePart(piece, part, { shot: model, whole: uncutShot, origin }, cutAt);
      if (!done) return undefined;
      made[name].push(done);
    }
  }
  return made;
}

/** Which of two writings of one shot counts must not depend on who is ours. */
const writingOf = ({ action, item, clip }: FilmShot): string => canonicalJson([action, item ?? null, clip ?? null]);

/** A cut as a side wrote it that did not move what it cut; of two writings always the same. */
function writtenCut(at: Fraction, pieces: readonly Piece[], origin: FilmShot): unknown {
  const written = pieces
    .filter(({ shot, from }) => isNear(shot.start, from))
    .flatMap(({ shot, from, to }) => [
      ...(isNear(from, at) ? [shot.action.start] : []),
      ...(isNear(to, at) ? [shot.action.end] : []),
    ]);
  const [first] = written.sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  return first ?? timeLike(origin.action.start, at);
}

/** The one conflict about a shot that one side cut, and the other cut away or deleted: with all pieces of either side. */
function clash(origin: FilmShot, both: Record<Keeper, Cut | undefined>, versions: Versions<Document>): Conflict {
  const shots = [origin, ...SIDES.flatMap((name) => both[name]?.shots ?? [])];
  const paths = new Map<string, Path>();
  const add = (path: Path): unknown => paths.set(canonicalJson(path), path);
  add(actionPath(origin));
  const seen = new Set([origin.id]);
  for (const shot of shots.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!seen.has(shot.id)) add(actionPath(shot));
    seen.add(shot.id);
    if (shot.item) add(itemPath(shot.id));
    if (shot.clip && (shot.clipId !== origin.clipId || shot.id === origin.id)) add(clipPath(shot.clipId!));
    if (shot.effect && (shot.effectId !== origin.effectId || shot.id === origin.id)) add(effectPath(shot.effectId!));
  }
  const places = [...paths.values()].map((path) => placeIn(path, versions)).filter(isTorn);
  const [first = placeIn(actionPath(origin), versions)] = places;
  const { path, ...found } = first;
  const kind = found.ours === undefined || found.theirs === undefined ? 'deleted_and_changed' : 'both_changed';
  return conflict(kind, path, { ...found, also: places.slice(1) });
}

const isTorn = ({ base, ours, theirs }: { base?: unknown; ours?: unknown; theirs?: unknown }): boolean =>
  !sameValue(ours, theirs) && !(sameValue(base, ours) && sameValue(base, theirs));
