import type { Document } from './document.js';
import { isLess, minus, plus, toMillionths, type Fraction } from './fraction.js';
import { frameTime } from './frame-rate.js';
import { layOut, type LaidClip, type LaidRow } from './otio-layout.js';
import { mediaIn, notesOf, type Media } from './otio-media.js';
import { OtioNode } from './otio-node.js';

/** What the reader may not make up itself: ids by their prefix, and the time that new assets are said to be from. */
export interface OtioOptions {
  newId: (prefix: string) => string;
  createdAt?: string;
}

/**
 * Reads a film from an OpenTimelineIO file into a workspace document, and tells in plain sentences what of the file has
 * no place there. Times are seconds, as the editor wants them; beside them, as `exact`, are whole frames of exact rates.
 */
export function timelineFromOtio(otio: unknown, options: OtioOptions): { document: Document; losses: string[] } {
  const { rows, clips, losses } = layOut(OtioNode.of(otio));
  const film = new Film(rows.length > 0 ? rows : [{ kind: 'video', name: 'V1' }], clips[0]?.rate, options);
  for (const clip of clips.toSorted((a, b) => compare(a.start, b.start) || rows.indexOf(a.row) - rows.indexOf(b.row))) {
    film.add(clip);
  }
  return { document: film.document(), losses: [...new Set([...losses, ...film.losses])] };
}

type Thing = Document & { id: string };
type Scene = Thing & { beatIds: string[] };

class Film {
  readonly losses: string[] = [];
  private readonly rows: Map<LaidRow, Thing & { actions: Document[] }>;
  private readonly effects = new Map<string, Document>();
  private readonly scenes = new Map<string, Scene>();
  private readonly beats = new Map<string, Document>();
  private readonly characters = new Map<string, Thing>();
  private readonly assets = new Map<string, Thing>();
  private readonly clips = new Map<string, Document>();
  private readonly timelineItems = new Map<string, Document>();

  constructor(
    rows: LaidRow[],
    private readonly rate: Fraction | undefined,
    private readonly options: OtioOptions,
  ) {
    this.rows = new Map(rows.map((row, at) => [row, { id: String(at), ...row, actions: [] }]));
  }

  document(): Document {
    return {
      editorData: [...this.rows.values()],
      effects: Object.fromEntries(this.effects),
      editorState: {
        scenes: byId(this.scenes),
        beats: Object.fromEntries(this.beats),
        characters: byId(this.characters),
        assets: byId(this.assets),
        clips: Object.fromEntries(this.clips),
        timelineItems: Object.fromEntries(this.timelineItems),
        sceneOrder: [...this.scenes.values()].map(({ id }) => id),
      },
    };
  }

  add({ node, row: laid, scene, start, duration, sourceStart, rate, isOff }: LaidClip): void {
    const row = this.rows.get(laid)!;
    const name = node.name || 'Untitled';
    const beat = laid.kind === 'video' ? this.addBeat(node, { name, scene, duration }) : undefined;
    const media = mediaIn(node, laid.kind);
    if (media.loss !== undefined) this.losses.push(media.loss);
    const id = this.options.newId('timeline_item');
    const clipId = this.options.newId('clip');
    const end = plus(start, duration);
    const startOffset = media.start ? minus(sourceStart, media.start) : sourceStart;
    const length = frameTime(duration, [rate]);

    row.actions.push({
      id,
      start: toMillionths(start),
      end: toMillionths(end),
      effectId: id,
      ...(isOff && { disable: true }),
    });
    this.effects.set(id, { id, name });
    this.clips.set(clipId, {
      id: clipId,
      assetId: this.assetOf(media, beat),
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

  private addBeat(
    node: OtioNode,
    { name, scene: around, duration }: { name: string; scene: string; duration: Fraction },
  ) {
    const { scene: title = around, narration = name, dialogue, camera, characters } = notesOf(node);
    const scene = this.sceneOf(title);
    const id = this.options.newId('beat');
    this.beats.set(id, {
      id,
      sceneId: scene.id,
      narration,
      ...(dialogue !== undefined && { dialogue }),
      ...(camera !== undefined && { cameraDescription: camera }),
      suggestedDuration: toMillionths(duration),
      characterIds: [...new Set(characters)].map((character) => this.characterOf(character).id),
      status: 'success',
      order: scene.beatIds.length,
    });
    scene.beatIds.push(id);
    return id;
  }

  private sceneOf(title: string): Scene {
    const order = this.scenes.size;
    return known(this.scenes, title, () => ({
      id: this.options.newId('scene'),
      title,
      summary: '',
      order,
      beatIds: [],
    }));
  }

  private characterOf(name: string): Thing {
    return known(this.characters, name, () => ({ id: this.options.newId('character'), name, description: '' }));
  }

  /** One asset for each file, however often the film shows it; media without a file are each their own. */
  private assetOf({ type, url, duration, generation }: Media, beat: string | undefined): string {
    const name = url === '' ? `nothing ${this.assets.size}` : `${type} ${url}`;
    return known(this.assets, name, () => ({
      id: this.options.newId(`asset_${type}`),
      type,
      url,
      ...(duration && { duration: toMillionths(duration) }),
      source: generation ? 'generated' : 'library',
      ...(generation && { generationParams: generation }),
      ...(beat !== undefined && { relatedBeatId: beat }),
      createdAt: this.options.createdAt ?? '1970-01-01T00:00:00.000Z',
    })).id;
  }
}

function known<T>(things: Map<string, T>, name: string, make: () => T): T {
  const found = things.get(name) ?? make();
  things.set(name, found);
  return found;
}

const byId = (things: Map<string, Thing>): Document =>
  Object.fromEntries([...things.values()].map((thing) => [thing.id, thing]));

const compare = (a: Fraction, b: Fraction): number => (isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0);
