import type { Document } from '../../document.js';
import type { Versions } from '../versions.js';
import { FilmShots, type FilmShot } from './film-shot.js';
import { withShots } from './with-shots.js';
import type { Made } from './cut-everywhere.js';

/**
 * The versions with each shot under one name: where a merge made one shot of two, it remembers the other name
 * (`aliases`), and a version that still has the shot under that name means this one.
 */
export function underOneName(versions: Versions<Document>): Versions<Document> {
  const names = new Map<string, FilmShot>();
  const films = {
    base: new FilmShots(versions.base),
    ours: new FilmShots(versions.ours),
    theirs: new FilmShots(versions.theirs),
  };
  for (const film of Object.values(films))
    for (const [id, { action }] of film.actions)
      if (Array.isArray(action.aliases))
        for (const alias of action.aliases as unknown[]) {
          const shot = film.shot(id);
          if (typeof alias === 'string' && alias !== id && shot) names.set(alias, shot);
        }
  if (names.size === 0) return versions;
  const renamed = (version: keyof Versions<unknown>): Document => {
    const film = films[version];
    const made = [...names].flatMap(([alias, shot]) => {
      const here = film.shot(alias);
      return here && !film.actions.has(shot.id) ? [renamedShot(here, shot, film)] : [];
    });
    return withShots(versions[version], made);
  };
  return { base: renamed('base'), ours: renamed('ours'), theirs: renamed('theirs') };
}

/** A shot under another's name; clip and effect are renamed with it where these are not there under that name too. */
function renamedShot(here: FilmShot, { id, clipId, effectId }: FilmShot, film: FilmShots): Made {
  const isAlone = (field: 'clipId' | 'effectId'): boolean =>
    [...film.actions.keys()].every((other) => other === here.id || film.shot(other)?.[field] !== here[field]);
  const clip =
    here.clip && clipId !== undefined && !film.has('clips', clipId) && isAlone('clipId') ? clipId : undefined;
  const effect =
    here.effect && effectId !== undefined && !film.has('effects', effectId) && isAlone('effectId')
      ? effectId
      : undefined;
  return {
    behind: here.id,
    was: here.id,
    id,
    action: { ...here.action, id, ...(effect !== undefined && { effectId: effect }) },
    item: here.item && { ...here.item, id, ...(clip !== undefined && { clipId: clip }) },
    clip: clip === undefined ? undefined : [clip, here.clipId, { ...here.clip, id: clip }],
    effect: effect === undefined ? undefined : [effect, here.effectId, { ...here.effect, id: effect }],
  };
}
