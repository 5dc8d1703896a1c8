import fc from 'fast-check';
import type { Json } from './film-edits.js';

/** How an editor keeps a film: with timeline items and clips that say from where each shot plays, or as bare actions. */
export interface CutStyle {
  isBare: boolean;
  /** Whether a new half says what it was cut off. */
  isDerived: boolean;
  /** Whether a new half has an effect of its own. */
  ownEffects: boolean;
  /** Whether clips say where they end. */
  endOffsets: boolean;
}

export const cutStyle: fc.Arbitrary<CutStyle> = fc.record({
  isBare: fc.boolean(),
  isDerived: fc.boolean(),
  ownEffects: fc.boolean(),
  endOffsets: fc.boolean(),
});

export const FRAMES = 48;
const RATE = 24;
const seconds = (frame: number): number => frame / RATE;
const frames = (time: number): number => Math.round(time * RATE);

/** A film of two shots of 48 frames each on two tracks, after one another, both of media of their own. */
export function cutFilm({ isBare, endOffsets }: CutStyle): Json {
  const film: Json = {
    editorData: [
      { id: 'V1', actions: [] },
      { id: 'V2', actions: [] },
    ],
    effects: {},
    editorState: { assets: {}, clips: {}, timelineItems: {} },
  };
  for (const at of [0, 1]) {
    const [id, start, source] = [`shot${at}`, seconds(100 * at), seconds(10)];
    film.editorData[at].actions.push({ id, start, end: start + seconds(FRAMES), effectId: id });
    film.effects[id] = { id, name: id };
    if (isBare) continue;
    const end = endOffsets ? { endOffset: source + seconds(FRAMES) } : {};
    film.editorState.assets[`asset${at}`] = { id: `asset${at}`, type: 'video', url: `https://media.test/${at}` };
    film.editorState.clips[`clip${at}`] = { id: `clip${at}`, assetId: `asset${at}`, startOffset: source, ...end };
    film.editorState.timelineItems[id] = { id, clipId: `clip${at}`, startTime: start, duration: seconds(FRAMES) };
  }
  return film;
}

export type CutStep = {
  kind: 'split' | 'head' | 'tail' | 'move' | 'ripple' | 'track' | 'remove';
  at: number;
  by: number;
};
const kinds = ['split', 'split', 'split', 'head', 'tail', 'move', 'ripple', 'track', 'remove'] as const;
export const cutStep: fc.Arbitrary<CutStep> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat(20),
  by: fc.integer({ min: 1, max: FRAMES - 1 }),
});

/** A copy of a film after somebody's cuts, each of whatever shot `at` happens to point to. */
export function cutBy(base: Json, steps: readonly CutStep[], style: CutStyle, tag: string): Json {
  const film = structuredClone(base);
  steps.forEach((step, nth) => {
    const all: Json[] = film.editorData.flatMap(({ actions }: Json) => actions);
    const shot = all[step.at % all.length];
    if (shot) cut(film, shot, step, style, `${tag}${nth}`);
  });
  return film;
}

function cut(film: Json, shot: Json, { kind, by }: CutStep, style: CutStyle, id: string): void {
  const { timelineItems: items, clips } = film.editorState;
  const row = film.editorData.find(({ actions }: Json) => actions.includes(shot));
  const item = items[shot.id];
  const clip = item && clips[item.clipId];
  const length = frames(shot.end - shot.start);
  const retime = (start: number, end: number): void => {
    if (clip) clip.startOffset += kind === 'head' ? start - shot.start : 0;
    Object.assign(shot, { start, end });
    if (item) Object.assign(item, { startTime: start, duration: end - start });
    if (clip && style.endOffsets) clip.endOffset = clip.startOffset + end - start;
  };
  const at = seconds(frames(shot.start) + by);
  switch (kind) {
    case 'split': {
      if (by >= length) return;
      const effectId = style.ownEffects ? id : shot.effectId;
      row.actions.push({ ...shot, id, start: at, effectId, ...(style.isDerived && { derived_from: shot.id }) });
      if (style.ownEffects) film.effects[id] = { ...film.effects[shot.effectId], id };
      if (item) {
        const startOffset = clip.startOffset + at - shot.start;
        clips[`clip-${id}`] = { ...clip, id: `clip-${id}`, startOffset };
        items[id] = { ...item, id, clipId: `clip-${id}`, startTime: at, duration: shot.end - at };
      }
      return retime(shot.start, at);
    }
    case 'head':
      return by < length ? retime(at, shot.end) : undefined;
    case 'tail':
      return by < length ? retime(shot.start, at) : undefined;
    case 'move':
      return retime(shot.start + seconds(by + 200), shot.end + seconds(by + 200));
    case 'ripple':
      for (const other of row.actions.filter(({ start }: Json) => start >= shot.start))
        for (const thing of [other, items[other.id]].filter(Boolean))
          for (const field of ['start', 'end', 'startTime']) if (field in thing) thing[field] += seconds(by + 200);
      return;
    case 'track':
      row.actions.splice(row.actions.indexOf(shot), 1);
      film.editorData.find((other: Json) => other !== row).actions.push(shot);
      return;
    case 'remove':
      row.actions.splice(row.actions.indexOf(shot), 1);
      delete items[shot.id];
      if (shot.effectId === shot.id) delete film.effects[shot.id];
      if (item) delete clips[item.clipId];
  }
}

/** How often each frame of each of the media is played. */
export function played(film: Json): Map<string, number> {
  const { timelineItems: items, clips } = film.editorState;
  const found = new Map<string, number>();
  for (const { actions } of film.editorData)
    for (const { id, start, end } of actions) {
      const clip = clips[items[id]?.clipId];
      if (!clip) continue;
      for (let frame = 0; frame < frames(end - start); frame++) {
        const key = `${clip.assetId} ${frames(clip.startOffset) + frame}`;
        found.set(key, (found.get(key) ?? 0) + 1);
      }
    }
  return found;
}

/** How much is played in all, where nothing says from where shots play. */
export const playedFrames = (film: Json): number =>
  film.editorData
    .flatMap(({ actions }: Json) => actions)
    .reduce((sum: number, { start, end }: Json) => sum + frames(end - start), 0);
