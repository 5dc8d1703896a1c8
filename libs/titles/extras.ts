import { workKey, type Evidence } from './evidence.js';
import { F } from './features.js';
import type { Query } from './query.js';

/** A show stands for its extras where none is known, and no sister that might be one: whoever has the show has what was made beside it. */
export function standForExtras(all: readonly Evidence[], { core: asked, qualifier }: Query): void {
  if (qualifier.form !== 'special' || qualifier.season > 0) return;
  if (all.some((one) => isExtra(one) && one.core.startsWith(asked))) return;
  for (const { core, segment, work, features } of all)
    if (core === asked && segment.family(segment.rootOf(work)).length === 1)
      for (const feature of [F.form, F.form_stated, F.form_by_type, F.same]) features[feature] = 1;
}

/**
 * An extra is of the work it is named after: 血界戦線 & BEYOND OAD is of 血界戦線 & BEYOND, not of 血界戦線. Where an extra of a name is asked for, those of
 * its work's sisters are none.
 */
export function tellExtrasApart(family: readonly Evidence[], { core, qualifier }: Query): void {
  if (qualifier.form !== 'special' || qualifier.season > 0) return;
  const shows = showsByName(family);
  const asked = hostOf(core, shows);
  if (asked === undefined) return;
  const hosts = new Map<number, Host>();
  for (const one of family) {
    const host = isExtra(one) ? hostOf(one.core, shows) : undefined;
    if (host !== undefined && host.length > (hosts.get(workKey(one))?.length ?? 0)) hosts.set(workKey(one), host);
  }
  for (const one of family) {
    const host = hosts.get(workKey(one));
    if (host !== undefined && host.work !== asked.work) one.features[F.season] = one.features[F.season_stated] = -1;
  }
}

/** A work by its key, and how long the name is by which it was recognised. */
interface Host {
  work: number;
  length: number;
}

/** The keys of the works that are no extras, by their names; a name that two of them have is nobody's. */
function showsByName(family: readonly Evidence[]): Map<string, number> {
  const shows = new Map<string, number>();
  for (const one of family) {
    const key = workKey(one);
    if (!isExtra(one) && one.core.length > 1) shows.set(one.core, (shows.get(one.core) ?? key) === key ? key : NOBODY);
  }
  return shows;
}
const NOBODY = -1;

/** The work with the longest name that a text begins with. */
function hostOf(text: string, shows: ReadonlyMap<string, number>): Host | undefined {
  let host: Host | undefined;
  for (const [name, work] of shows)
    if (name.length > (host?.length ?? 0) && text.startsWith(name)) host = { work, length: name.length };
  return host?.work === NOBODY ? undefined : host;
}

const isExtra = ({ segment, alias, work }: Evidence): boolean =>
  segment.qualifierOf(alias).form === 'special' || /^(?:ova|oad|special)$/.test(segment.factsOfWork(work).type);
