import { isDocument, type Document } from '../document.js';
import { fileOf, sharedSource, type ShotMatch } from './match-shots.js';
import type { Shot } from './shot.js';

/**
 * A document read from a file with the ids, the rows and the story of the film that it was made from: what differs then is
 * what was cut anew. New shots keep their new ids, and name the shot that they were split from.
 */
export function asInFilm(
  film: Document,
  file: Document,
  { matches, fileShots }: { matches: readonly ShotMatch[]; fileShots: readonly Shot[] },
): Document {
  const [before, after] = [partsOf(film), partsOf(file)];
  const matchOf = new Map(matches.map((match) => [match.file.ids.timelineItem, match]));
  const shotOf = new Map(fileShots.map((shot) => [shot.ids.timelineItem, shot]));
  const rows = rowsAsInFilm(before.rows, after.rows, matches);
  const assets = assetsAsInFilm(before.assets, after.assets);
  const made: Parts = { ...structuredCloneOf(before), effects: {}, clips: {}, timelineItems: {} };

  made.rows = laidOut(before.rows, after.rows, rows).map(({ row, from }) => ({
    ...row,
    actions: (from?.actions ?? []).flatMap((action): Document[] => {
      const placed = actionAsInFilm(action);
      return placed ? [placed] : [];
    }),
  }));
  const gone = new Set(Object.keys(before.timelineItems).filter((id) => !(id in made.timelineItems)));
  const unused = effectsOf(before.rows, gone);
  for (const [id, effect] of Object.entries(before.effects))
    if (!unused.has(id) && !(id in made.effects)) made.effects[id] = effect;
  const shown = new Set([...gone].map((id) => textOf(before.timelineItems[id], 'clipId')));
  for (const [id, clip] of Object.entries(before.clips))
    if (!shown.has(id) && !(id in made.clips)) made.clips[id] = clip;
  return documentOf(film, made);

  function actionAsInFilm(action: Document): Document | undefined {
    const found = textOf(action, 'id');
    const item = found === undefined ? undefined : after.timelineItems[found];
    if (found === undefined || !item) return undefined;
    const match = matchOf.get(found);
    const id = match?.film.ids.timelineItem ?? found;
    const was = match && before.timelineItems[id];
    const effectId = match ? (match.film.ids.effect ?? id) : id;
    const effect = (match?.by === 'likeness' ? before.effects[effectId] : undefined) ??
      after.effects[textOf(action, 'effectId') ?? ''] ?? { name: 'Untitled' };
    made.effects[effectId] = { ...effect, id: effectId };
    const row = rows.get(textOf(item, 'trackId') ?? '') ?? textOf(item, 'trackId');
    const clipId = clipAsInFilm(textOf(item, 'clipId'), match);
    const { linkedBeatId: _told, ...rest } = item;
    const beat = match ? textOf(was, 'linkedBeatId') : beatAsInFilm(textOf(item, 'linkedBeatId'));
    const origin = match ? undefined : originOf(shotOf.get(found), matches);
    made.timelineItems[id] = {
      ...(was && withoutTimes(was)),
      ...rest,
      id,
      trackId: row,
      ...(clipId !== undefined && { clipId }),
      ...(beat !== undefined && { linkedBeatId: beat }),
      ...(origin !== undefined && { derivedFrom: origin }),
    };
    return { ...action, id, effectId };
  }

  /** The clip of the film where the shot is one of its; what two shots show at different places are two clips. */
  function clipAsInFilm(found: string | undefined, match: ShotMatch | undefined): string | undefined {
    const clip = found === undefined ? undefined : after.clips[found];
    if (found === undefined || !clip) return undefined;
    const wanted = match?.film.ids.clip;
    const was = wanted === undefined ? undefined : before.clips[wanted];
    const isSameMedia = match !== undefined && fileOf(match.film.media) === fileOf(match.file.media);
    const told = textOf(clip, 'assetId') ?? '';
    const assetId = (isSameMedia ? textOf(was, 'assetId') : undefined) ?? assets.get(told) ?? told;
    if (!(assetId in made.assets) && after.assets[told]) made.assets[assetId] = newAsset(after.assets[told], assetId);
    const placed = { ...(was && withoutTimes(was)), ...clip, assetId };
    const isFree = (id: string) =>
      !(id in made.clips) || JSON.stringify(made.clips[id]) === JSON.stringify({ ...placed, id });
    const id = wanted !== undefined && isFree(wanted) ? wanted : wanted === found ? `${found}_again` : found;
    made.clips[id] = { ...placed, id };
    return id;
  }

  function newAsset(asset: Document, id: string): Document {
    const { relatedBeatId: _told, ...rest } = asset;
    const beat = beatAsInFilm(textOf(asset, 'relatedBeatId'));
    return { ...rest, id, ...(beat !== undefined && { relatedBeatId: beat }) };
  }

  /** The beat of a new shot, in the scene of that title; what the film tells already stays as it is. */
  function beatAsInFilm(id: string | undefined): string | undefined {
    const beat = id === undefined ? undefined : after.beats[id];
    if (id === undefined || !beat || id in made.beats) return id;
    const told = after.scenes[textOf(beat, 'sceneId') ?? ''];
    const sceneId = sceneAsInFilm(told);
    if (sceneId === undefined) return undefined;
    const scene = made.scenes[sceneId]!;
    const beatIds = listOf(scene.beatIds);
    const characterIds = listOf(beat.characterIds).filter((who) => typeof who === 'string' && who in made.characters);
    made.beats[id] = { ...beat, sceneId, characterIds, order: beatIds.length };
    made.scenes[sceneId] = { ...scene, beatIds: [...beatIds, id] };
    return id;
  }

  function sceneAsInFilm(told: Document | undefined): string | undefined {
    const id = textOf(told, 'id');
    if (id === undefined || !told || id in made.scenes) return id;
    const same = Object.values(made.scenes).find(({ title }) => title === told.title);
    if (same) return textOf(same, 'id');
    made.scenes[id] = { ...told, beatIds: [], order: made.sceneOrder.length };
    made.sceneOrder.push(id);
    return id;
  }
}

interface Parts {
  rows: (Document & { actions: Document[] })[];
  effects: Record<string, Document>;
  scenes: Record<string, Document>;
  beats: Record<string, Document>;
  characters: Record<string, Document>;
  assets: Record<string, Document>;
  clips: Record<string, Document>;
  timelineItems: Record<string, Document>;
  sceneOrder: string[];
}

function partsOf({ editorData, effects, editorState }: Document): Parts {
  const state = isDocument(editorState) ? editorState : {};
  const rows = listOf(editorData).filter(isDocument);
  return {
    rows: rows.map((row) => ({ ...row, actions: listOf(row.actions).filter(isDocument) })),
    effects: things(effects),
    scenes: things(state.scenes),
    beats: things(state.beats),
    characters: things(state.characters),
    assets: things(state.assets),
    clips: things(state.clips),
    timelineItems: things(state.timelineItems),
    sceneOrder: listOf(state.sceneOrder).filter((id) => typeof id === 'string'),
  };
}

/** Maps without a prototype: nothing is in them that was not put there. */
function things(map: unknown): Record<string, Document> {
  const found = Object.create(null) as Record<string, Document>;
  if (isDocument(map)) for (const [id, thing] of Object.entries(map)) if (isDocument(thing)) found[id] = thing;
  return found;
}

function structuredCloneOf(parts: Parts): Parts {
  const copy = (map: Record<string, Document>) => things({ ...map });
  const { scenes, beats, characters, assets, effects, clips, timelineItems } = parts;
  return {
    ...parts,
    scenes: copy(scenes),
    beats: copy(beats),
    characters: copy(characters),
    assets: copy(assets),
    effects: copy(effects),
    clips: copy(clips),
    timelineItems: copy(timelineItems),
    sceneOrder: [...parts.sceneOrder],
  };
}

function documentOf(film: Document, { rows, effects, sceneOrder, ...state }: Parts): Document {
  const plain = Object.fromEntries(Object.entries(state).map(([name, map]) => [name, { ...map }]));
  return { ...film, editorData: rows, effects: { ...effects }, editorState: { ...plain, sceneOrder } };
}

/** Which row of the film each row of the file is: the one of most of its shots, else the next of its kind that is left. */
function rowsAsInFilm(before: Parts['rows'], after: Parts['rows'], matches: readonly ShotMatch[]): Map<string, string> {
  const votes = new Map<string, Map<string, number>>();
  for (const { film, file } of matches) {
    if (film.row.id === undefined || file.row.id === undefined) continue;
    const of = votes.get(file.row.id) ?? new Map<string, number>();
    votes.set(file.row.id, of.set(film.row.id, (of.get(film.row.id) ?? 0) + 1));
  }
  const ballots = [...votes].flatMap(([from, of]) => [...of].map(([to, count]) => ({ from, to, count })));
  const rows = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of ballots.sort((a, b) => b.count - a.count)) {
    if (rows.has(from) || taken.has(to)) continue;
    rows.set(from, to);
    taken.add(to);
  }
  for (const row of after) {
    const id = textOf(row, 'id');
    if (id === undefined || rows.has(id)) continue;
    const free = before.find(
      (other) => other.kind === row.kind && other.actions.length === 0 && !taken.has(textOf(other, 'id') ?? ''),
    );
    const to =
      textOf(free, 'id') ?? freeId(id, new Set([...taken, ...before.map((other) => textOf(other, 'id') ?? '')]));
    rows.set(id, to);
    taken.add(to);
  }
  return rows;
}

function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let number = taken.size;
  while (taken.has(String(number))) number++;
  return String(number);
}

/** The rows of the film where they were, each with what the file has on it, and the new ones of the file on top. */
function laidOut(before: Parts['rows'], after: Parts['rows'], rows: ReadonlyMap<string, string>) {
  const from = new Map(after.map((row) => [rows.get(textOf(row, 'id') ?? '') ?? '', row]));
  const known = new Set(before.map((row) => textOf(row, 'id') ?? ''));
  const fresh = [...from]
    .filter(([id, row]) => !known.has(id) && row.actions.length > 0)
    .map(([id, row]) => ({ row: { ...row, id }, from: row }));
  return [...before.map((row) => ({ row, from: from.get(textOf(row, 'id') ?? '') })), ...fresh];
}

/** Which asset of the film each of the file is, by the file of it. */
function assetsAsInFilm(before: Parts['assets'], after: Parts['assets']): Map<string, string> {
  const byFile = new Map(
    Object.values(before)
      .toReversed()
      .map((asset) => [keyOf(asset), textOf(asset, 'id') ?? '']),
  );
  return new Map(
    Object.values(after).flatMap((asset) => {
      const [id, same] = [textOf(asset, 'id'), byFile.get(keyOf(asset))];
      return id === undefined || keyOf(asset) === undefined || same === undefined ? [] : [[id, same] as const];
    }),
  );
}

const keyOf = (asset: Document): string | undefined =>
  fileOf({ url: textOf(asset, 'url') ?? '', name: textOf(asset, 'name') ?? '' });

/** The effects of shots that are gone. */
const effectsOf = (rows: Parts['rows'], gone: ReadonlySet<string>): Set<string | undefined> =>
  new Set(
    rows.flatMap(({ actions }) =>
      actions.flatMap((action) => (gone.has(textOf(action, 'id') ?? '') ? [textOf(action, 'effectId')] : [])),
    ),
  );

/** The shot of the film that a new one was split from: it shows a part of what that showed. */
function originOf(shot: Shot | undefined, matches: readonly ShotMatch[]): string | undefined {
  if (!shot) return undefined;
  const origin = matches.find(({ film, file }) => file.row === shot.row && isPartOf(shot, film));
  return origin?.film.ids.timelineItem;
}

const isPartOf = (part: Shot, whole: Shot): boolean =>
  fileOf(part.media) !== undefined && fileOf(part.media) === fileOf(whole.media) && sharedSource(part, whole) > 0;

/** Times that another editor set stand alone: no exact time beside them is from before. */
function withoutTimes(thing: Document): Document {
  const { exact: _exact, ...rest } = thing;
  return rest;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function textOf(thing: Document | undefined, key: string): string | undefined {
  const value = thing && Object.hasOwn(thing, key) ? thing[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
