import { isDocument, type Document } from '../../document.js';
import { isSameTime, secondsOf } from '../../diff/shot-timing.js';
import { sameValue } from '../../merge/same-value.js';
import { exactSeconds } from '../frame-rate.js';
import { minus, toMillionths } from '../fraction.js';
import type { FilmThings, ThingKind } from './film-things.js';

/** The fields of a thing that are not what they were; what is only derived anew, or was not there before, is no difference. */
export function differingFields(before: Document, after: Document, things: FilmThings): string[] {
  return Object.keys(before).filter((field) => !isSame(field, before[field], after[field], things));
}

const TIMES = ['start', 'end', 'startTime', 'duration', 'startOffset', 'endOffset', 'suggestedDuration'];
/** Lists of ids, of which those are told of that are gone. */
const LISTS: Record<string, ThingKind> = { beatIds: 'beat', characterIds: 'character' };

function isSame(field: string, before: unknown, after: unknown, things: FilmThings): boolean {
  if (before === undefined) return true;
  if (field === 'exact') return isSameExact(before, after);
  if (field === 'disable' && before === false && after === undefined) return true;
  if (TIMES.includes(field)) {
    const [was, is] = [secondsOf(before), secondsOf(after)];
    if (was !== undefined && is !== undefined) return isSameTime(was, is);
  }
  const kind = LISTS[field];
  if (kind && Array.isArray(before) && Array.isArray(after)) {
    const left = (before as unknown[]).filter((id) => typeof id !== 'string' || things[kind].has(id));
    return sameValue(left, after);
  }
  return sameValue(before, after);
}

/** Exact times are lost where they stood for what the seconds say; others the editor has left behind. */
function isSameExact(before: unknown, after: unknown): boolean {
  if (!isDocument(before)) return sameValue(before, after);
  return Object.entries(before).every(([key, was]) => {
    const [had, has] = [exactSeconds(was), exactSeconds(isDocument(after) ? after[key] : undefined)];
    if (!had) return true;
    if (!has) return false;
    return minus(had, has).n === 0n || !isSameTime(toMillionths(had), toMillionths(has));
  });
}
