import { findMarks } from './marks.js';
import { bareNumber } from './bare-number.js';
import { factsOf } from './facts.js';
import { frameOf } from './frame.js';
import { groupOf } from './group.js';
import type { Field, ParsedName } from './parsed-name.js';
import { believe } from './belief.js';
import { scan } from './scan.js';
import { titleZone, titlesIn } from './title.js';
import { CONTAINERS } from './vocabulary.js';

/** Reads one step of a path; places in the answer count from the beginning of the whole name. */
export function parseSegment(text: string, { offset, file }: { offset: number; file: boolean }): ParsedName {
  const container = file ? containerOf(text) : undefined;
  const stem = container === undefined ? text : text.slice(0, container.span[0] - 1);
  const scanned = scan(stem);
  const marks = findMarks(scanned);
  const frame = frameOf(scanned, marks);
  believe(scanned, { marks, frame });
  const number = bareNumber(scanned, { marks, frame, file });
  const zone = titleZone(scanned, { marks, frame, number });
  const parsed: ParsedName = {
    name: text,
    titles: titlesIn(scanned, { zone, frame }),
    ...factsOf(scanned, { marks, frame, zone, number }),
  };
  const group = groupOf(scanned, { marks, frame, zone });
  if (group !== undefined) parsed.group = group;
  if (container !== undefined) parsed.container = container;
  return offset === 0 ? parsed : moved(parsed, offset);
}

function containerOf(text: string): Field<string> | undefined {
  const match = /[.]([a-z0-9]{2,7})\s*$/i.exec(text.slice(-12)) ?? /[ ](mkv|mp4|avi)\s*$/i.exec(text.slice(-12));
  if (match === null || !CONTAINERS.has(match[1]!.toLowerCase())) return undefined;
  const end = text.trimEnd().length;
  return { value: match[1]!.toLowerCase(), span: [end - match[1]!.length, end], confidence: 1 };
}

function moved(parsed: ParsedName, offset: number): ParsedName {
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    const field = value as Field<unknown>;
    return { ...field, span: [field.span[0] + offset, field.span[1] + offset] };
  };
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [key, key === 'name' ? value : move(value)]),
  ) as unknown as ParsedName;
}
