import { isDocument, type Document } from './document.js';
import type { Fraction } from './fraction.js';
import type { OtioNode } from './otio-node.js';

/** The media behind a clip; without a file there is no `url`, and `loss` says why. */
export interface Media {
  type: 'video' | 'audio' | 'image';
  url: string;
  start?: Fraction;
  duration?: Fraction;
  /** How a model made it, if one did. */
  generation?: Document;
  loss?: string;
}

const IMAGE = /\.(png|jpe?g|webp|gif|tiff?|exr|dpx|bmp)$/i;

/** The media of a clip on a row of that kind. */
export function mediaIn(clip: OtioNode, kind: 'video' | 'audio'): Media {
  const reference = mediaOf(clip);
  const range = reference?.range('available_range');
  const generation = notesOn(reference).generation;
  const known = {
    type: kind,
    url: '',
    ...(range && { start: range.start, duration: range.duration }),
    ...(isDocument(generation) && { generation }),
  };
  switch (reference?.schema) {
    case 'ExternalReference': {
      const url = reference.text('target_url') ?? '';
      return { ...known, url, type: kind === 'video' && IMAGE.test(url) ? 'image' : kind };
    }
    case 'ImageSequenceReference':
      return {
        ...known,
        url: firstImage(reference),
        type: 'image',
        loss: `${clip.words} is a sequence of images; only the first is kept.`,
      };
    case 'GeneratorReference':
      return {
        ...known,
        loss: `${clip.words} is made by the generator ${generator(reference)}, which is left out; its place stays empty.`,
      };
    default:
      return { ...known, loss: `${clip.words} has no media in the file; its place stays empty.` };
  }
}

/** The media of a clip as the file has it: the one in use, if there are several. */
export function mediaOf(clip: OtioNode): OtioNode | undefined {
  const key = clip.text('active_media_reference_key') ?? 'DEFAULT_MEDIA';
  return clip.nodeIn('media_references', key) ?? clip.node('media_reference');
}

/** What a clip's own metadata say about the story, under the name of this project. */
export function notesOf(clip: OtioNode) {
  const notes = notesOn(clip);
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

function notesOn(node: OtioNode | undefined): Document {
  const notes = node?.metadata.evidverse;
  return isDocument(notes) ? notes : {};
}

function firstImage(sequence: OtioNode): string {
  const number = String(sequence.number('start_frame') ?? 1).padStart(sequence.number('frame_zero_padding') ?? 0, '0');
  const [base = '', prefix = '', suffix = ''] = ['target_url_base', 'name_prefix', 'name_suffix'].map((key) =>
    sequence.text(key),
  );
  return `${base}${base === '' || base.endsWith('/') ? '' : '/'}${prefix}${number}${suffix}`;
}

const generator = (reference: OtioNode): string =>
  `"${reference.text('generator_kind') || reference.name || 'without a name'}"`;
