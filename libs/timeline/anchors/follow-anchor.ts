import { readFilm, readRows, type Film } from '../diff/film.js';
import { isDocument, type Document } from '../document.js';

/** What a remark is about: a thing, at a frame of its source; or, without a thing, a frame of the timeline. */
export interface Anchor {
  entity?: string | null | undefined;
  entity_id?: string | null | undefined;
  source_frame?: number | null | undefined;
  timeline_frame?: number | null | undefined;
  /** Frames per second, as a fraction. */
  rate: readonly [number, number];
}

/** Where that is now, and why it is nowhere any more. */
export interface AnchorPosition {
  state: 'current' | 'moved' | 'outdated';
  reason: 'trimmed' | 'removed' | 'shortened' | null;
  timeline_frame: number | null;
}

/**
 * Follows an anchor into a document: with its shot, wherever that was moved, for as long as the shot still shows the
 * frame; with any other thing, for as long as that is there; with the timeline alone, for as long as it is long enough.
 */
export function followAnchor(document: Document, anchor: Anchor): AnchorPosition {
  const { entity, entity_id: id } = anchor;
  if (entity == null || id == null) return onTimeline(document, anchor);
  if (entity === 'shot') return onShot(document, id, anchor);
  const there = entity === 'track' ? trackIn(document, id) : thingIn(document, entity, id);
  return there ? current(anchor.timeline_frame ?? null) : outdated('removed');
}

function onShot(document: Document, id: string, anchor: Anchor): AnchorPosition {
  const film = filmOf(document);
  const shots = [...(film?.shots.values() ?? [])];
  const shot = shots.find((one) => String(one.id) === id) ?? shots.find((one) => wasCalled(one.action, id));
  if (!shot) return outdated('removed');
  const { timing } = shot;
  if (!timing) return current(anchor.timeline_frame ?? null);
  const [frames, seconds] = anchor.rate;
  const frameAt = (time: number): number => Math.round((time * frames) / seconds);
  if (anchor.source_frame == null) return placed(frameAt(timing.start), anchor);
  const into = (anchor.source_frame * seconds) / frames - (timing.source ?? 0);
  const half = seconds / frames / 2;
  if (into < -half || into >= timing.end - timing.start - half) return outdated('trimmed');
  return placed(frameAt(timing.start + into), anchor);
}

/** Whether a merge made one shot of this one and another of that id. */
const wasCalled = ({ aliases }: Document, id: string): boolean => Array.isArray(aliases) && aliases.includes(id);

function onTimeline(document: Document, anchor: Anchor): AnchorPosition {
  const [frames, seconds] = anchor.rate;
  const shots = [...(filmOf(document)?.shots.values() ?? [])];
  const end = Math.max(0, ...shots.map(({ timing }) => timing?.end ?? 0));
  const frame = anchor.timeline_frame ?? 0;
  return frame === 0 || (frame * seconds) / frames < end ? current(frame) : outdated('shortened');
}

const placed = (frame: number, anchor: Anchor): AnchorPosition => ({
  state: anchor.timeline_frame == null || anchor.timeline_frame === frame ? 'current' : 'moved',
  reason: null,
  timeline_frame: frame,
});
const current = (timeline_frame: number | null): AnchorPosition => ({ state: 'current', reason: null, timeline_frame });
const outdated = (reason: NonNullable<AnchorPosition['reason']>): AnchorPosition => ({
  state: 'outdated',
  reason,
  timeline_frame: null,
});

const TABLES: Readonly<Record<string, string>> = {
  scene: 'scenes',
  beat: 'beats',
  character: 'characters',
  asset: 'assets',
  clip: 'clips',
  timeline_item: 'timelineItems',
};

function thingIn(document: Document, entity: string, id: string): boolean {
  const table = entity === 'effect' ? document.effects : tableIn(document, TABLES[entity] ?? '');
  return isDocument(table) && Object.hasOwn(table, id);
}

const trackIn = (document: Document, id: string): boolean =>
  [...(filmOf(document)?.tracks.values() ?? [])].some((track) => String(track.id) === id);

function filmOf(document: Document): Film | undefined {
  const rows = readRows(document.editorData);
  const table = (name: string): Document => {
    const found = name === 'effects' ? document.effects : tableIn(document, name);
    return isDocument(found) ? found : {};
  };
  return (
    rows &&
    readFilm({
      rows,
      effects: table('effects'),
      timelineItems: table('timelineItems'),
      clips: table('clips'),
      assets: table('assets'),
    })
  );
}

const tableIn = (document: Document, name: string): unknown =>
  isDocument(document.editorState) ? document.editorState[name] : undefined;
