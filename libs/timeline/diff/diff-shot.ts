import type { Change, Span } from './change.js';
import { diffFields, type IsCleared } from './diff-things.js';
import { ownField } from './diff-values.js';
import type { Document } from '../document.js';
import type { Film, Shot } from './film.js';
import { sameValue } from '../merge/same-value.js';
import type { ShotParts } from './shot-parts.js';
import { isNothing, isSameTime, rateOf, secondsOf, span, type Retiming, type Timing } from './shot-timing.js';

/** Two films, and what is known about them together. */
export interface Films {
  before: Film;
  after: Film;
  parts: ShotParts;
  isCleared: IsCleared;
}

interface About {
  films: Films;
  retiming: Retiming | undefined;
  isMoved: boolean;
}

/** What happened to a shot besides where it stands. */
export function diffShot(was: Shot, is: Shot, { films, retiming, isMoved }: About): Change[] {
  const about = aboutShot(is, films.after);
  const media = replacedMedia(was, is, films);
  const changes: Change[] = media ? [{ kind: 'replaced', ...about, ...media }] : [];
  if (retiming) changes.push(...trims(about, was, is, retiming));

  const follows = { was, is, isReplaced: media !== undefined, isMoved, ...films };
  const fields: Change[] = [];
  const compareParts = (
    name: string,
    old: Document | undefined,
    now: Document | undefined,
    explains: Explains,
  ): void => {
    if (!old || !now || old === now) return;
    const prefix = name === '' ? '' : `${name}.`;
    const differences = diffFields(about, old, now, {
      ...(name === 'effect' && { nameField: 'name' }),
      isExplained: (field, before, after) => explains(field, before, after, follows),
    });
    fields.push(...differences.map((change) => prefixed(change, prefix)));
  };
  const { parts } = films;
  compareParts('', was.action, is.action, explainsAction);
  if (was.effectId === is.effectId && parts.isOwned('effects', is.effectId)) {
    compareParts('effect', was.effect, is.effect, () => false);
  }
  compareParts('timelineItem', was.item, is.item, explainsItem);
  if (was.clipId === is.clipId && parts.isOwned('clips', is.clipId)) {
    compareParts('clip', was.clip, is.clip, explainsClip);
  }
  const renamed = fields.filter(({ kind }) => kind === 'renamed');
  const others = fields.filter((change) => change.kind === 'changed');
  if (others.length === 0) return [...changes, ...renamed];
  const together: Change = {
    kind: 'changed',
    ...about,
    fields: others.flatMap((change) => change.fields),
    before: Object.fromEntries(others.flatMap(({ before }) => Object.entries(before))),
    after: Object.fromEntries(others.flatMap(({ after }) => Object.entries(after))),
  };
  return [...changes, ...renamed, together];
}

/** The media is the asset, or for an action without one, as a commit on the timeline is, its effect. */
function replacedMedia(was: Shot, is: Shot, { parts }: Films): { before: string; after: string } | undefined {
  const hasItem = was.item !== undefined || is.item !== undefined;
  const [before, after] = hasItem ? [was.assetId, is.assetId] : [was.effectId, is.effectId];
  if (before === undefined || after === undefined || before === after) return undefined;
  const isItsOwn = !hasItem || was.clipId !== is.clipId || parts.isOwned('clips', is.clipId);
  return isItsOwn ? { before, after } : undefined;
}

/** The two times of a shot; where in the media it plays counts only for media that stayed and a clip of its own. */
export function timingsOf(key: string, films: Films): [Timing, Timing] | undefined {
  const [was, is] = [films.before.shots.get(key), films.after.shots.get(key)];
  if (!was?.timing || !is?.timing) return undefined;
  if (was.timing.source === is.timing.source || hasOwnSource(was, is, films)) return [was.timing, is.timing];
  return [
    { ...was.timing, source: undefined },
    { ...is.timing, source: undefined },
  ];
}

function hasOwnSource(was: Shot, is: Shot, films: Films): boolean {
  if (was.timing?.source === undefined || is.timing?.source === undefined) return false;
  if (replacedMedia(was, is, films)) return false;
  return was.clipId !== is.clipId || films.parts.isOwned('clips', is.clipId);
}

/** Head first, then tail, each with the length before and after it; then the slip. */
function trims(about: ReturnType<typeof aboutShot>, was: Shot, is: Shot, retiming: Retiming): Change[] {
  const rate = rateOf([is.clip, is.item, was.clip, was.item]);
  const changes: Change[] = [];
  let length = was.timing!.end - was.timing!.start;
  for (const edge of ['head', 'tail'] as const) {
    const cut = retiming[edge];
    if (isNothing(cut)) continue;
    const [before, after]: [Span, Span] = [span(length, rate), span(length - cut, rate)];
    changes.push({ kind: 'trimmed', ...about, edge, ...span(cut, rate), before, after });
    length -= cut;
  }
  if (!isNothing(retiming.slip)) {
    const [before, after] = [was.timing!.source ?? 0, is.timing!.source ?? 0];
    changes.push({ kind: 'slipped', ...about, ...span(retiming.slip, rate), before, after });
  }
  return changes;
}

type Follows = Films & { was: Shot; is: Shot; isReplaced: boolean; isMoved: boolean };
type Explains = (field: string, before: unknown, after: unknown, follows: Follows) => boolean;

const explainsAction: Explains = (field, _before, _after, { was, is, isReplaced }) => {
  if (field === 'start' || field === 'end') return was.timing !== undefined && is.timing !== undefined;
  return field === 'effectId' && isReplaced;
};

/** A timeline item says once more when and where its action is; what it says is told if it follows the action. */
const explainsItem: Explains = (field, before, after, { was, is, isReplaced, isMoved, ...films }) => {
  if (field === 'trackId') return was.row !== is.row && after === String(films.after.tracks.get(is.row)!.id);
  if (field === 'clipId') return isReplaced;
  if (films.isCleared(field, before, after)) return true;
  if (!was.timing || !is.timing || !(isMoved || isTimeTouched(was, is, films))) return false;
  if (field === 'exact') return true;
  if (field === 'startTime') return isInStep([before, after], [was.timing.start, is.timing.start]);
  return field === 'duration' && isInStep([before, after], [lengthOf(was), lengthOf(is)]);
};

const explainsClip: Explains = (field, before, after, { was, is, isReplaced, ...films }) => {
  if (isReplaced && ['assetId', 'startOffset', 'endOffset', 'exact'].includes(field)) return true;
  if (field === 'startOffset') return was.timing !== undefined && hasOwnSource(was, is, films);
  if (!was.timing || !is.timing || !isTimeTouched(was, is, films)) return false;
  const ends = [was, is].map((shot) => (shot.timing!.source ?? 0) + lengthOf(shot)) as [number, number];
  return field === 'exact' || (field === 'endOffset' && isInStep([before, after], ends));
};

/** Whether a time moved together with another, or came to agree with it. */
function isInStep(values: [unknown, unknown], leader: [number, number]): boolean {
  const [before, after] = values.map(secondsOf);
  if (after === undefined) return false;
  return isSameTime(after, leader[1]) || (before !== undefined && isSameTime(after - before, leader[1] - leader[0]));
}

const lengthOf = ({ timing }: Shot): number => timing!.end - timing!.start;

/** Whether anything about the times of a shot differs, however little. */
export const isTimeTouched = (was: Shot, is: Shot, films: Films): boolean =>
  ['start', 'end'].some((field) => !sameValue(ownField(was.action, field), ownField(is.action, field))) ||
  (hasOwnSource(was, is, films) && !sameValue(ownField(was.clip, 'startOffset'), ownField(is.clip, 'startOffset')));

/** Who a shot is, in all that is told of it. */
export const aboutShot = ({ id, name, row }: Shot, film: Film) => ({
  entity: 'shot' as const,
  id,
  path: ['editorData', film.tracks.get(row)!.id, 'actions', id],
  name,
});

function prefixed(change: Change, prefix: string): Change {
  if (change.kind !== 'changed' || prefix === '') return change;
  const rename = (fields: Document): Document =>
    Object.fromEntries(Object.entries(fields).map(([field, value]) => [prefix + field, value]));
  return {
    ...change,
    fields: change.fields.map((field) => prefix + field),
    before: rename(change.before),
    after: rename(change.after),
  };
}
