import { isDocument, type Document } from '../document.js';
import type { LossValues } from './losses/loss.js';
import type { LossCode } from './losses/loss-codes.js';
import type { OtioNode } from './otio-node.js';
import { MEDIA_TYPES, mediaTypeOf, type Media, type ShotIds } from './shot.js';

/** The media of a clip on a row of that kind; where there is no file, or not all of it, `lose` is told why. */
export function mediaIn(clip: OtioNode, kind: 'video' | 'audio', lose: Lose): Media {
  const references = clip.count('media_references');
  if (references > 1) lose('takes', { takes: references });
  const reference = mediaOf(clip);
  const range = reference?.range('available_range');
  const { generation, id, type: noted } = reference?.notes ?? ({} as Document);
  const ownType = MEDIA_TYPES.find((type) => type === noted);
  const known = {
    type: ownType ?? kind,
    url: '',
    ...(typeof id === 'string' && { id }),
    ...(reference?.name && { name: reference.name }),
    ...(range && { start: range.start, duration: range.duration }),
    ...(isDocument(generation) && { generation }),
  };
  switch (reference?.schema) {
    case 'ExternalReference': {
      const url = reference.text('target_url') ?? '';
      return { ...known, url, type: ownType ?? mediaTypeOf(url, kind) };
    }
    case 'ImageSequenceReference':
      lose('image_sequence');
      return { ...known, url: firstImage(reference), type: 'image' };
    case 'GeneratorReference':
      lose('generator', { generator: reference.text('generator_kind') || reference.name });
      return known;
    default:
      lose('no_media');
      return known;
  }
}

type Lose = (code: LossCode, values?: LossValues) => void;

/** The media of a clip as the file has it: the one in use, if there are several. */
export function mediaOf(clip: OtioNode): OtioNode | undefined {
  const key = clip.text('active_media_reference_key') ?? 'DEFAULT_MEDIA';
  return clip.nodeIn('media_references', key) ?? clip.node('media_reference');
}

/** What a clip's own metadata say about the story, under the name of this project. */
export function notesOf(clip: OtioNode) {
  const notes = clip.notes;
  const text = (key: string): string | undefined => {
    const value = notes[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const cast = Array.isArray(notes.characters) ? (notes.characters as unknown[]) : [];
  const characters = cast.filter((name): name is string => typeof name === 'string');
  return {
    scene: text('scene'),
    narration: text('narration'),
    dialogue: text('dialogue'),
    camera: text('camera'),
    characters,
  };
}

/** The ids that a clip had in the film that it was written from, as its own metadata say. */
export function idsOf(clip: OtioNode): ShotIds {
  const { ids } = clip.notes;
  const id = (key: string) => (isDocument(ids) && typeof ids[key] === 'string' ? ids[key] : undefined);
  return {
    timelineItem: id('timeline_item'),
    clip: id('clip'),
    effect: id('effect'),
    beat: id('beat'),
    scene: id('scene'),
  };
}

function firstImage(sequence: OtioNode): string {
  const number = String(sequence.number('start_frame') ?? 1).padStart(sequence.number('frame_zero_padding') ?? 0, '0');
  const [base = '', prefix = '', suffix = ''] = ['target_url_base', 'name_prefix', 'name_suffix'].map((key) =>
    sequence.text(key),
  );
  return `${base}${base === '' || base.endsWith('/') ? '' : '/'}${prefix}${number}${suffix}`;
}
