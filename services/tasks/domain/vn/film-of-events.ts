import type { VNEvent } from '#libs/contracts/tasks-vn';
import { isDocument, type Document } from '#libs/timeline/document';

/** What a script tells, as scenes and beats of a film. */
export interface VnFilm {
  scenes: VnScene[];
  /** Who speaks, in the order of their first words. */
  characters: string[];
}

export interface VnScene {
  title: string;
  beats: VnBeat[];
}

export interface VnBeat {
  narration?: string;
  dialogue?: string;
  speaker?: string;
}

const MOST_BEATS = 20_000;

/** A label begins a scene, unless the one before has nothing in it yet; every line, choice and jump is a beat. */
export function filmOfEvents(events: readonly VNEvent[]): VnFilm {
  const scenes: VnScene[] = [];
  const characters = new Set<string>();
  let title: string | undefined;
  let scene: VnScene | undefined;
  let beats = 0;
  for (const event of events) {
    if (event.type === 'LABEL') {
      title = event.caption ?? event.label ?? event.name;
      scene = undefined;
      continue;
    }
    const beat = beatOf(event);
    if (!beat || ++beats > MOST_BEATS) continue;
    if (beat.speaker) characters.add(beat.speaker);
    if (!scene) {
      scene = { title: title ?? `Scene ${scenes.length + 1}`, beats: [] };
      scenes.push(scene);
    }
    scene.beats.push(beat);
  }
  return { scenes, characters: [...characters] };
}

function beatOf(event: Exclude<VNEvent, { type: 'LABEL' }>): VnBeat | undefined {
  switch (event.type) {
    case 'SAY': {
      const speaker = event.character ?? event.speaker;
      return { narration: `${speaker}: ${event.text}`, dialogue: event.text, speaker };
    }
    case 'NARRATION':
    case 'TEXT':
      return event.text.trim() === '' ? undefined : { narration: event.text };
    case 'CHOICE':
      return { narration: `CHOICE: ${event.choices.map(({ text }) => text).join(' | ')}` };
    case 'JUMP':
      return { narration: `JUMP → ${event.label ?? event.target}` };
  }
}

/** How long a beat is suggested to be, in seconds. */
const secondsFor = ({ narration = '' }: VnBeat): number =>
  Math.round(Math.min(12, Math.max(2, [...narration].length / 10)) * 10) / 10;

/**
 * The document with these scenes after its own, or instead of them. Ids follow from `prefix`, so that what was written
 * from one source before is replaced and not told twice; everything else in the document stays as it is.
 */
export function withFilm(
  document: Document,
  film: VnFilm,
  { prefix, replace }: { prefix: string; replace: boolean },
): Document {
  const state = mapOf(document.editorState);
  const [scenes, beats, characters] = [mapOf(state.scenes), mapOf(state.beats), mapOf(state.characters)];
  const isOwn = (id: string) => id.includes(`_${prefix}_`);
  const keep = (things: Document) =>
    Object.fromEntries(Object.entries(things).filter(([id]) => !isOwn(id) && !replace));
  const known = new Map(
    Object.entries(characters).flatMap(([id, one]) =>
      isDocument(one) && typeof one.name === 'string' ? [[one.name, id] as const] : [],
    ),
  );
  const people = { ...characters };
  film.characters.forEach((name, at) => {
    if (known.has(name)) return;
    const id = `character_${prefix}_${at + 1}`;
    known.set(name, id);
    people[id] = { id, name, description: '' };
  });
  const keptScenes = keep(scenes);
  const order = (Array.isArray(state.sceneOrder) ? (state.sceneOrder as unknown[]) : []).filter(
    (id): id is string => typeof id === 'string' && Object.hasOwn(keptScenes, id),
  );
  const made: Document = {};
  const told: Document = {};
  film.scenes.forEach((scene, at) => {
    const id = `scene_${prefix}_${at + 1}`;
    const beatIds = scene.beats.map((beat, index) => {
      const beatId = `beat_${prefix}_${at + 1}_${index + 1}`;
      const { narration, dialogue, speaker } = beat;
      told[beatId] = {
        id: beatId,
        sceneId: id,
        ...(narration !== undefined && { narration }),
        ...(dialogue !== undefined && { dialogue }),
        suggestedDuration: secondsFor(beat),
        characterIds: speaker === undefined ? [] : [known.get(speaker)!],
        status: 'pending',
        order: index,
      };
      return beatId;
    });
    made[id] = { id, title: scene.title, summary: '', order: order.length + at, beatIds };
  });
  return {
    ...document,
    editorState: {
      ...state,
      scenes: { ...keptScenes, ...made },
      beats: { ...keep(beats), ...told },
      characters: people,
      sceneOrder: [...order, ...Object.keys(made)],
    },
  };
}

const mapOf = (value: unknown): Document => (isDocument(value) ? value : {});
