import type { Document } from '../document.js';
import type { Fraction } from './fraction.js';

/** A row of the editor. */
export interface Row {
  id?: string;
  kind: 'video' | 'audio';
  name: string;
}

/** One stretch of media where it is seen or heard in the film, all times in exact seconds: what every format speaks of. */
export interface Shot {
  row: Row;
  name: string;
  start: Fraction;
  duration: Fraction;
  sourceStart: Fraction;
  /** How much the clip has to show, where it ends before its place in the film does. */
  available?: Fraction;
  /** The rate that the shot is counted in. */
  rate: Fraction;
  isOff: boolean;
  media: Media;
  story: ShotStory;
  ids: ShotIds;
}

/** The media behind a shot; without a file the `url` is empty. */
export interface Media {
  id?: string;
  type: MediaType;
  url: string;
  name?: string;
  /** The first time in the media that there is, zero if nothing is said. */
  start?: Fraction;
  duration?: Fraction;
  /** How a model made it, if one did. */
  generation?: Document;
  /** How it came here, and since when it is here. */
  source?: string;
  createdAt?: string;
}

/** What a shot tells, as far as the file says so. */
export interface ShotStory {
  /** The title of the scene. */
  scene: string;
  narration?: string;
  dialogue?: string;
  camera?: string;
  characters?: string[];
  /** Their ids in the film that the file was made from, in the same order. */
  characterIds?: string[];
}

/** The ids that a shot and what belongs to it had in the film that the file was made from. */
export interface ShotIds {
  timelineItem?: string;
  clip?: string;
  effect?: string;
  beat?: string;
  scene?: string;
}

export const MEDIA_TYPES = ['video', 'audio', 'image'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

const IMAGE = /\.(png|jpe?g|webp|gif|tiff?|exr|dpx|bmp)$/i;

/** What a file on a row of that kind must be, by its name. */
export function mediaTypeOf(url: string, kind: Row['kind']): MediaType {
  return kind === 'video' && IMAGE.test(url) ? 'image' : kind;
}
