import { canonicalJson } from '../canonical-json.js';
import { diffOrder, ownField } from '../diff/diff-values.js';
import type { PartName } from '../diff/film.js';
import type { Document } from '../document.js';
import { areShotsUnique, isKnownUnique, isMarkerKey, orderOf, readTracks } from './kept-tracks.js';
import type { KeptTrack, KeptTracks, TrackOrder } from './kept-tracks.js';
import { glances } from './leaf-entries.js';
import { isSamePart } from './map-difference.js';
import type { MapNode, Slot } from './node.js';
import { SIDES, type NodeReader, type Side, type Sides } from './node-reader.js';

/** Where the parts of a kept film are; `undefined` where it has none. */
export type FilmSlots = Record<PartName | 'editorData', Slot | undefined>;

/** What of a film tells how it differs from another: as it stands in a document, and the true numbers of the shots shown. */
export interface FilmExcerpt extends Record<PartName, Document | undefined> {
  editorData: Document[] | undefined;
  numbers: ReadonlyMap<string, number>;
}

/**
 * Two kept films without what nobody needs to tell how they differ: all tracks, of the shots those that changed or are made
 * of something that did, whole, those next to them in time, and the first and the last. Nothing where one is no film.
 */
export async function readFilmDifference(
  reader: NodeReader,
  slots: Sides<FilmSlots>,
): Promise<Sides<FilmExcerpt> | undefined> {
  const [before, after] = [
    await readTracks(reader, slots.before.editorData),
    await readTracks(reader, slots.after.editorData),
  ];
  if (!before || !after) return undefined;
  const difference = new FilmDifference(reader, { before, after }, await partsOf(reader, slots));
  return difference.read(slots);
}

/** A table of things that shots are made of. */
interface Part {
  maps: Sides<MapNode | undefined>;
  differing: ReadonlyMap<string, Sides<Slot | undefined>>;
  shown: Set<string>;
}
type Parts = Record<PartName, Part>;

async function partsOf(reader: NodeReader, slots: Sides<FilmSlots>): Promise<Parts> {
  const part = async (name: PartName): Promise<Part> => {
    const [before, after] = await reader.tables([slots.before[name], slots.after[name]]);
    const isSame = isSamePart(slots.before[name], slots.after[name]);
    const differing = isSame ? new Map<string, Sides<Slot>>() : await reader.difference({ before, after });
    return { maps: { before, after }, differing, shown: new Set(differing.keys()) };
  };
  return {
    effects: await part('effects'),
    timelineItems: await part('timelineItems'),
    clips: await part('clips'),
    assets: await part('assets'),
  };
}

/** For each track the shots that are not the same on it. */
type Changed = ReadonlyMap<string, ReadonlyMap<string, Sides<Slot | undefined>>>;

class FilmDifference {
  /** For each track the shots to show, and where they stand in the document. */
  private readonly shown: Sides<Map<string, Map<string, Slot>>> = { before: new Map(), after: new Map() };
  private readonly numbers: Sides<Map<string, number>> = { before: new Map(), after: new Map() };
  /** The shots of which everything is shown. */
  private readonly touched = new Set<string>();
  private readonly orders: Sides<Map<string, TrackOrder>> = { before: new Map(), after: new Map() };

  constructor(
    private readonly reader: NodeReader,
    private readonly tracks: Sides<KeptTracks>,
    private readonly parts: Parts,
  ) {}

  async read(slots: Sides<FilmSlots>): Promise<Sides<FilmExcerpt> | undefined> {
    const changed = await this.changedShots();
    if (!(await this.isFilm(changed))) return undefined;
    for (const shots of changed.values()) for (const key of shots.keys()) this.touched.add(key);
    await this.touchUsers();
    await this.showTouched(this.touched);
    for (const [row, was] of this.tracks.before.tracks) {
      const is = this.tracks.after.tracks.get(row);
      if (is) await this.showAround(row, { before: was, after: is }, changed.get(row));
    }
    await this.showParts();
    return { before: await this.excerpt('before', slots), after: await this.excerpt('after', slots) };
  }

  private async changedShots(): Promise<Changed> {
    const [before, after] = [this.tracks.before.tracks, this.tracks.after.tracks];
    const changed = new Map<string, Map<string, Sides<Slot | undefined>>>();
    for (const row of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(row), after.get(row)];
      if (was && is && isSamePart(was.slot, is.slot)) continue;
      const shots = await this.reader.difference({ before: was?.shots?.rows, after: is?.shots?.rows });
      changed.set(row, shots);
    }
    return changed;
  }

  /** Whether no shot stands on two tracks, before or after; whichever is known tells of the other. */
  private async isFilm(changed: Changed): Promise<boolean> {
    const { before, after } = this.tracks;
    const came = (side: Side, other: Side) =>
      new Map(
        [...changed].map(([row, shots]) => [
          row,
          [...shots].flatMap(([key, slots]) => (slots[side] && !slots[other] ? [key] : [])),
        ]),
      );
    const [first, second] = isKnownUnique(after) ? (['after', 'before'] as const) : SIDES;
    return (
      (await areShotsUnique(this.reader, this.tracks[first])) &&
      (await areShotsUnique(this.reader, this.tracks[second], {
        film: first === 'before' ? before : after,
        came: came(second, first),
      }))
    );
  }

  /** Shots are touched by what happened to anything they are made of, and show who else uses it. */
  private async touchUsers(): Promise<void> {
    const { effects, timelineItems, clips, assets } = this.parts;
    const cameOrWent = [...assets.differing].flatMap(([id, { before, after }]) => (before && after ? [] : [id]));
    for (const id of await this.usersOf(clips, 'assetId', new Set(cameOrWent))) clips.shown.add(id);
    for (const id of await this.usersOf(timelineItems, 'clipId', clips.shown)) timelineItems.shown.add(id);
    for (const id of timelineItems.shown) this.touched.add(canonicalJson(id));
    if (effects.shown.size === 0) return;
    const maps = SIDES.flatMap((side) => [...this.tracks[side].tracks.values()].map(({ shots }) => shots?.rows));
    const actions = await glances(this.reader, await this.reader.leaves(maps), 'effectId');
    for (const { key, names } of actions) if (names !== undefined && effects.shown.has(names)) this.touched.add(key);
  }

  private async usersOf({ maps }: Part, naming: 'clipId' | 'assetId', ids: ReadonlySet<string>): Promise<string[]> {
    if (ids.size === 0) return [];
    const things = await glances(this.reader, await this.reader.leaves([maps.before, maps.after]), naming);
    return things.flatMap(({ key, names }) => (names !== undefined && ids.has(names) ? [key] : []));
  }

  private async showTouched(keys: ReadonlySet<string>): Promise<void> {
    for (const side of SIDES) for (const row of this.tracks[side].tracks.keys()) await this.show(side, row, keys);
  }

  private async show(side: Side, row: string, keys: ReadonlySet<string>): Promise<void> {
    const shown = this.shown[side].get(row) ?? new Map<string, Slot>();
    this.shown[side].set(row, shown);
    const found = await this.reader.find(this.tracks[side].tracks.get(row)!.shots?.rows, keys);
    for (const [key, slot] of found) shown.set(key, slot);
  }

  /** What stands around the touched shots of a track; all of it where its order is not what it was. */
  private async showAround(
    row: string,
    track: Sides<KeptTrack>,
    changed: ReadonlyMap<string, Sides<Slot | undefined>> | undefined,
  ): Promise<void> {
    const touched = SIDES.flatMap((side) => [...(this.shown[side].get(row)?.keys() ?? [])]);
    const isSameOrder = track.before.shots?.node.order === track.after.shots?.node.order;
    if (touched.length === 0 && (changed === undefined || isSameOrder)) return;
    const [had, has] = [await orderOf(this.reader, track.before), await orderOf(this.reader, track.after)];
    this.orders.before.set(row, had);
    this.orders.after.set(row, has);
    const stayed = (side: Side, keys: readonly string[]): string[] => {
      const others = new Set(
        [...(changed ?? [])].flatMap(([key, slots]) => (slots.before && slots.after ? [] : [key])),
      );
      return others.size === 0 ? [...keys] : keys.filter((key) => !others.has(key));
    };
    const [spine, newSpine] = [stayed('before', had.shots), stayed('after', has.shots)];
    const isKept =
      had.isTimed &&
      has.isTimed &&
      isSameList(spine, newSpine) &&
      isSameList(stayed('before', had.listed), stayed('after', has.listed));
    if (!isKept) {
      await this.show('before', row, new Set(had.shots));
      await this.show('after', row, new Set(has.shots));
      const moved = new Set(diffOrder(spine, newSpine).moved);
      for (const key of moved) this.touched.add(key);
      return;
    }
    const ends = [spine[0], spine.at(-1)];
    const near = [...ends, ...this.near('before', had.shots), ...this.near('after', has.shots)];
    // What is shown of one film and not of the other would have come or gone.
    const shown = new Set(near.filter((key) => key !== undefined));
    for (const side of SIDES) await this.show(side, row, shown);
  }

  /** What stands next to the touched shots of a track, whose numbers are noted. */
  private near(side: Side, shots: readonly string[]): (string | undefined)[] {
    return shots.flatMap((key, at) => {
      if (!this.touched.has(key)) return [];
      this.numbers[side].set(key, at);
      return [shots[at - 1], shots[at + 1]];
    });
  }

  /** Everything that the touched shots are made of. */
  private async showParts(): Promise<void> {
    const { effects, timelineItems, clips, assets } = this.parts;
    const slots = SIDES.flatMap((side) =>
      [...this.shown[side].values()].flatMap((shots) =>
        [...shots].flatMap(([key, slot]) => (this.touched.has(key) ? [slot] : [])),
      ),
    );
    for (const action of await this.reader.values(slots)) {
      note(effects.shown, ownField(action, 'effectId'));
      note(timelineItems.shown, ownField(action, 'id'));
    }
    for (const item of await this.things(timelineItems)) note(clips.shown, ownField(item, 'clipId'));
    for (const clip of await this.things(clips)) note(assets.shown, ownField(clip, 'assetId'));
  }

  private async things({ maps, shown }: Part): Promise<unknown[]> {
    const [before, after] = [await this.reader.find(maps.before, shown), await this.reader.find(maps.after, shown)];
    return this.reader.values([...before.values(), ...after.values()]);
  }

  private async excerpt(side: Side, slots: Sides<FilmSlots>): Promise<FilmExcerpt> {
    const table = async (name: PartName): Promise<Document | undefined> => {
      if (slots[side][name] === undefined) return undefined;
      const found = [...(await this.reader.find(this.parts[name].maps[side], this.parts[name].shown))];
      const values = await this.reader.values(found.map(([, slot]) => slot));
      return Object.fromEntries(found.map(([id], at) => [id, values[at]]));
    };
    const rows: Document[] = [];
    for (const row of this.tracks[side].tracks.keys()) rows.push(await this.track(side, row));
    return {
      editorData: slots[side].editorData && rows,
      effects: await table('effects'),
      timelineItems: await table('timelineItems'),
      clips: await table('clips'),
      assets: await table('assets'),
      numbers: this.numbers[side],
    };
  }

  private async track(side: Side, row: string): Promise<Document> {
    const { slot, fields, shots } = this.tracks[side].tracks.get(row)!;
    if (!this.tracks[side === 'before' ? 'after' : 'before'].tracks.has(row))
      return (await this.reader.values([slot]))[0] as Document;
    if (!shots) return fields;
    const shown = this.shown[side].get(row)!;
    const inOrder = (this.orders[side].get(row)?.listed ?? []).filter((key) => shown.has(key) && !isMarkerKey(key));
    return { ...fields, actions: await this.reader.values(inOrder.map((key) => shown.get(key))) };
  }
}

function note(ids: Set<string>, id: unknown): void {
  if (typeof id === 'string') ids.add(id);
}

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, at) => key === other[at]);
