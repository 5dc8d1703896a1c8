import { isDocument, type Document } from '../document.js';
import { isLess, minus, plus, toMillionths, ZERO, type Fraction } from './fraction.js';
import { exactSeconds, frameTime } from './frame-rate.js';
import type { Media, Row, Shot, ShotStory } from './shot.js';

/** What a reader may not make up itself: ids by their prefix, and the time that new assets are said to be from. */
export interface ImportOptions {
  newId: (prefix: string) => string;
  createdAt?: string;
}

/** The film of a file: its rows from the bottom up, its shots in any order, and what else of the film was noted in it. */
export interface ShotList {
  rows: Row[];
  shots: Shot[];
  story?: unknown;
}

/**
 * The workspace document of these shots. An id that a shot brings along is kept unless another shot had it first; all
 * else gets a new one. Times are seconds, as the editor wants them; beside them, as `exact`, are whole frames.
 */
export function documentOfShots({ rows, shots, story }: ShotList, options: ImportOptions): Document {
  const film = new Film(rows.length > 0 ? rows : [{ kind: 'video', name: 'V1' }], shots[0]?.rate, options);
  film.recall(isDocument(story) ? story : {});
  const heights = new Map(rows.map((row, at) => [row, at]));
  const heightOf = (shot: Shot): number => heights.get(shot.row) ?? 0;
  for (const shot of shots.toSorted((a, b) => compare(a.start, b.start) || heightOf(a) - heightOf(b))) film.add(shot);
  return film.document();
}

type Thing = Document & { id: string };
type Scene = Thing & { beatIds: string[] };

class Film {
  private readonly rows = new Map<Row, Thing & { actions: Document[] }>();
  private readonly effects = new Map<string, Document>();
  private readonly scenes = new Map<string, Scene>();
  private readonly beats = new Map<string, Document>();
  private readonly characters = new Map<string, Thing>();
  private readonly assets = new Map<string, Thing>();
  private readonly clips = new Map<string, Document>();
  private readonly timelineItems = new Map<string, Document>();
  private readonly sceneOrder = new Set<string>();
  private readonly scenesByTitle = new Map<string, Scene>();
  private readonly charactersByName = new Map<string, Thing>();
  private readonly assetsByMedia = new Map<string, Thing>();
  /** What each clip shows, to tell a clip that is used twice from a copy that another editor made. */
  private readonly shown = new Map<string, string>();

  constructor(
    rows: Row[],
    private readonly rate: Fraction | undefined,
    private readonly options: ImportOptions,
  ) {
    const taken = new Set<string>();
    const kept = rows.map(({ id }) => (isId(id) && !taken.has(id) && taken.add(id) ? id : undefined));
    rows.forEach(({ kind, name }, at) => {
      const id = kept[at] ?? firstFree(at, taken);
      taken.add(id);
      this.rows.set(rows[at]!, { id, kind, name, actions: [] });
    });
  }

  document(): Document {
    return {
      editorData: [...this.rows.values()],
      effects: Object.fromEntries(this.effects),
      editorState: {
        scenes: Object.fromEntries(this.scenes),
        beats: Object.fromEntries(this.beats),
        characters: Object.fromEntries(this.characters),
        assets: Object.fromEntries(this.assets),
        clips: Object.fromEntries(this.clips),
        timelineItems: Object.fromEntries(this.timelineItems),
        sceneOrder: [...this.sceneOrder],
      },
    };
  }

  /** Takes over what the file noted of the film besides its shots, as far as it is in order. */
  recall({ scenes, beats, characters, assets, sceneOrder }: Document): void {
    for (const scene of thingsIn(scenes)) {
      const beatIds = Array.isArray(scene.beatIds) ? scene.beatIds.filter((id) => typeof id === 'string') : [];
      this.keepScene({ ...scene, beatIds });
    }
    for (const beat of thingsIn(beats)) this.beats.set(beat.id, beat);
    for (const character of thingsIn(characters)) this.keepCharacter(character);
    for (const asset of thingsIn(assets)) this.keepAsset(asset);
    const order: unknown[] = Array.isArray(sceneOrder) ? sceneOrder : [];
    this.sceneOrder.clear();
    for (const id of order) if (typeof id === 'string') this.sceneOrder.add(id);
  }

  add(shot: Shot): void {
    const { start, duration, sourceStart, rate, media, ids } = shot;
    const row = this.rows.get(shot.row)!;
    const name = shot.name || 'Untitled';
    const id = this.claim('timeline_item', ids.timelineItem, this.timelineItems);
    const beat = this.tells(shot) ? this.beatOf(shot, name) : undefined;
    const asset = this.assetOf(media, beat);
    const startOffset = minus(sourceStart, media.start ?? ZERO);
    const length = frameTime(duration, [rate]);
    const clipId = this.clipOf(shot, id === ids.timelineItem, asset);
    const effectId = isId(ids.effect) && ids.timelineItem === id ? ids.effect : id;

    row.actions.push({
      id,
      start: toMillionths(start),
      end: toMillionths(plus(start, duration)),
      effectId,
      ...(shot.isOff && { disable: true }),
    });
    this.effects.set(effectId, { id: effectId, name });
    this.clips.set(clipId, {
      id: clipId,
      assetId: asset,
      startOffset: toMillionths(startOffset),
      endOffset: toMillionths(plus(startOffset, duration)),
      exact: { start: frameTime(sourceStart, [rate]), duration: length },
    });
    this.timelineItems.set(id, {
      id,
      clipId,
      trackId: row.id,
      startTime: toMillionths(start),
      duration: toMillionths(duration),
      ...(beat !== undefined && { linkedBeatId: beat }),
      exact: { start: frameTime(start, [this.rate ?? rate, rate]), duration: length },
    });
  }

  /** Pictures tell the story, each its own beat; what comes from a film of ours says itself whether it does. */
  private tells({ row, ids }: Shot): boolean {
    return isId(ids.beat) || (row.kind === 'video' && !isId(ids.timelineItem));
  }

  private beatOf({ story, duration, ids }: Shot, name: string): string {
    if (isId(ids.beat) && this.beats.has(ids.beat)) return ids.beat;
    const scene = this.sceneOf(story.scene, ids.scene);
    const id = this.claim('beat', ids.beat, this.beats);
    this.beats.set(id, {
      id,
      sceneId: scene.id,
      narration: story.narration ?? name,
      ...(story.dialogue !== undefined && { dialogue: story.dialogue }),
      ...(story.camera !== undefined && { cameraDescription: story.camera }),
      suggestedDuration: toMillionths(duration),
      characterIds: this.castOf(story),
      status: 'success',
      order: scene.beatIds.length,
    });
    scene.beatIds.push(id);
    return id;
  }

  private sceneOf(title: string, id: string | undefined): Scene {
    const known = isId(id) ? this.scenes.get(id) : this.scenesByTitle.get(title);
    if (known) return known;
    const order = this.scenes.size;
    return this.keepScene({ id: this.claim('scene', id, this.scenes), title, summary: '', order, beatIds: [] });
  }

  private keepScene(scene: Scene): Scene {
    this.scenes.set(scene.id, scene);
    this.sceneOrder.add(scene.id);
    remember(this.scenesByTitle, scene.title, scene);
    return scene;
  }

  /** By their ids where the file has them, else one for each name. */
  private castOf({ characters = [], characterIds }: ShotStory): string[] {
    const ids = characterIds?.length === characters.length ? characterIds : [];
    return [...new Set(characters.map((name, at) => this.characterOf(name, ids[at])))];
  }

  private characterOf(name: string, id: string | undefined): string {
    const known = isId(id) ? this.characters.get(id) : this.charactersByName.get(name);
    if (known) return known.id;
    return this.keepCharacter({ id: this.claim('character', id, this.characters), name, description: '' }).id;
  }

  private keepCharacter(character: Thing): Thing {
    this.characters.set(character.id, character);
    remember(this.charactersByName, character.name, character);
    return character;
  }

  /** One asset for each file, however often the film shows it; media without a file or a name are each their own. */
  private assetOf(media: Media, beat: string | undefined): string {
    const same = mediaKey(media, this.assets.size);
    const named = isId(media.id) ? this.assets.get(media.id) : undefined;
    if (named && keyOfAsset(named) === mediaKey(media)) return named.id;
    const known = isId(media.id) && !named ? undefined : this.assetsByMedia.get(same);
    if (known) return known.id;
    const { type, url, name, start, duration, generation, source, createdAt } = media;
    const hasLength = duration !== undefined && duration.n > 0n;
    const asset: Thing = {
      id: this.claim(`asset_${type}`, media.id, this.assets),
      type,
      url,
      ...(name && { name }),
      ...(hasLength && { duration: toMillionths(duration) }),
      source: source ?? (generation ? 'generated' : 'library'),
      ...(generation && { generationParams: generation }),
      ...(beat !== undefined && { relatedBeatId: beat }),
      createdAt: createdAt ?? this.options.createdAt ?? '1970-01-01T00:00:00.000Z',
      ...(start && start.n !== 0n && { exact: { start: frameTime(start, this.rate ? [this.rate] : []) } }),
    };
    return this.keepAsset(asset, same).id;
  }

  private keepAsset(asset: Thing, key = keyOfAsset(asset)): Thing {
    this.assets.set(asset.id, asset);
    if (key !== undefined) remember(this.assetsByMedia, key, asset);
    return asset;
  }

  /** A clip may be used twice; a copy that says it is the same but shows something else is another. */
  private clipOf({ ids, sourceStart, duration }: Shot, isItself: boolean, asset: string): string {
    const shows = [asset, sourceStart.n, sourceStart.d, duration.n, duration.d].join(' ');
    if (isItself && isId(ids.clip) && this.shown.get(ids.clip) === shows) return ids.clip;
    const id = this.claim('clip', ids.clip, this.clips);
    this.shown.set(id, shows);
    return id;
  }

  private claim(prefix: string, wanted: string | undefined, taken: ReadonlyMap<string, unknown>): string {
    return isId(wanted) && !taken.has(wanted) ? wanted : this.options.newId(prefix);
  }
}

/** Ids are short; what is longer is something else that somebody wrote there. */
const isId = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 200;

function thingsIn(map: unknown): Thing[] {
  if (!isDocument(map)) return [];
  return Object.entries(map).flatMap(([id, thing]) =>
    isId(id) && isDocument(thing) && thing.id === id ? [thing as Thing] : [],
  );
}

function firstFree(at: number, taken: ReadonlySet<string>): string {
  let number = at;
  while (taken.has(String(number))) number++;
  return String(number);
}

function mediaKey({ type, url, name, start = ZERO }: Media, nth?: number): string {
  const what = url === '' && !name ? `nothing ${nth ?? ''}` : `${url} ${url === '' ? name : ''}`;
  return `${type} ${start.n}/${start.d} ${what}`;
}

function keyOfAsset({ type, url, name, exact }: Document): string | undefined {
  if (typeof type !== 'string' || typeof url !== 'string') return undefined;
  const start = isDocument(exact) ? exactSeconds(exact.start) : undefined;
  return mediaKey({
    type: type as Media['type'],
    url,
    ...(typeof name === 'string' && { name }),
    ...(start && { start }),
  });
}

function remember<T extends Thing>(things: Map<string, T>, name: unknown, thing: T): void {
  if (typeof name === 'string' && !things.has(name)) things.set(name, thing);
}

const compare = (a: Fraction, b: Fraction): number => (isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0);
