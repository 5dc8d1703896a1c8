import type { FrameTime } from '../frame-rate.js';
import type { LossCode, Severity } from './loss-codes.js';

/** What of a film a format cannot carry: the same thing everywhere it happened, in a record that programs understand. */
export interface Loss {
  code: LossCode;
  severity: Severity;
  /** How often it happened. */
  count: number;
  /** What it is more exactly, everywhere. */
  values: LossValues;
  /** Where it happened, the first places of them, each once. */
  places: LossPlace[];
}

export type LossValues = Record<string, string | number>;

/** One place in a film or in a file; every part is there that is known. */
export interface LossPlace {
  kind: PlaceKind;
  /** The id in the film, of a shot that of its timeline item. */
  id?: string;
  name?: string;
  /** The name of the row. */
  row?: string;
  /** When in the film, in whole frames. */
  at?: FrameTime;
  /** The same as a label; where a list has its own, that. */
  timecode?: string;
  /** The line of the file, from 1. */
  line?: number;
  /** What it is in the format: an element of XML, a schema of OTIO, the number of an event. */
  element?: string;
  /** Where it stands in the file, as a path of keys. */
  path?: string;
  /** What is true of this place alone. */
  values?: LossValues;
}

/** Things of the film, then a thing, an event and a line of a file. */
export const PLACE_KINDS = [
  'section',
  'idea',
  'track',
  'shot',
  'scene',
  'beat',
  'character',
  'asset',
  'effect',
  'timeline_item',
  'clip',
  'item',
  'event',
  'line',
] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];
