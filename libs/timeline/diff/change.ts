import type { Path } from '../merge/conflict.js';

/** What a change can be about. A shot is an action together with its effect, its timeline item, its clip and its asset. */
export type Entity =
  'track' | 'shot' | 'scene' | 'beat' | 'character' | 'asset' | 'effect' | 'timeline_item' | 'clip' | 'value';

/**
 * One difference between two documents. `path` leads to the thing (ids in place of positions), `name` is what people
 * call it; `before` and `after` are what it was and is, absent where it does not exist.
 */
export type Change = About & Difference;
export type ChangeKind = Change['kind'];

export interface About {
  entity: Entity;
  id: string | number;
  path: Path;
  name: string;
}

export type Difference =
  | Added
  | Removed
  | Moved
  | Trimmed
  | Slipped
  | Replaced
  | Renamed
  | FieldsChanged
  | Shifted
  | Rounded
  | Reordered
  | ValueSet;

/** `contents` are the shots that came with their track, or the beats that came with their scene. */
interface Added {
  kind: 'added';
  after: unknown;
  place?: Place;
  contents?: Id[];
}

interface Removed {
  kind: 'removed';
  before: unknown;
  place?: Place;
  contents?: Id[];
}

/** From one place to another; `null` where it stood, or stands, in no list. */
interface Moved {
  kind: 'moved';
  before: Place | null;
  after: Place | null;
}

/** Cut off at one end, or made longer there when `seconds` is negative; `before` and `after` are how long it was and is. */
interface Trimmed extends Span {
  kind: 'trimmed';
  edge: 'head' | 'tail';
  before: Span;
  after: Span;
}

/** Shows a later part of its media, or an earlier one when `seconds` is negative, at the same length. */
interface Slipped extends Span {
  kind: 'slipped';
  before: number;
  after: number;
}

/** Other media in the same place; `before` and `after` are their ids. */
interface Replaced {
  kind: 'replaced';
  before: string | null;
  after: string | null;
}

interface Renamed {
  kind: 'renamed';
  before: string;
  after: string;
}

/** `before` and `after` hold the changed fields only. */
interface FieldsChanged {
  kind: 'changed';
  fields: string[];
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** Neighbours on a track that start later by the same time, or earlier when `seconds` is negative. */
interface Shifted extends Span {
  kind: 'shifted';
  reach: 'one' | 'some' | 'later' | 'all';
  first: Named;
  last: Named;
  count: number;
}

/** Times on a track that changed by less than anybody can see. */
interface Rounded {
  kind: 'rounded';
  count: number;
}

/** A track lists its shots in another order, though each is where it was in time. */
interface Reordered {
  kind: 'reordered';
  before: Id[];
  after: Id[];
}

/** `before` is absent when there was nothing. */
interface ValueSet {
  kind: 'set';
  before?: unknown;
  after: unknown;
}

export type Id = string | number;

export interface Named {
  id: Id;
  name: string;
}

/** Where a thing stands: the track or scene, the number in its order from 0, and the second it starts at. */
export interface Place {
  in?: Named;
  at: number;
  start?: number;
}

/** A length of time; in whole frames too, where the rate is known. */
export interface Span {
  seconds: number;
  frames?: number;
}
