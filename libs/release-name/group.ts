import type { Frame } from './frame.js';
import type { Mark } from './marks.js';
import type { Field } from './parsed-name.js';
import type { Scan } from './scan.js';
import type { Zone } from './title.js';
import { termAt } from './vocabulary.js';

interface Parts {
  marks: readonly Mark[];
  frame: Frame;
  zone: Zone;
}

/** Who made the release: behind the last hyphen, in the brackets at the beginning, or the last word behind the technical ones. */
export function groupOf(scan: Scan, parts: Parts): Field<string> | undefined {
  const trailing = afterHyphen(scan, parts);
  if (trailing !== undefined && (parts.frame.leading === -1 || !parts.frame.anime || trailing.sure))
    return trailing.field;
  const { raw, brackets } = scan;
  if (parts.frame.leading !== -1) {
    const bracket = brackets[parts.frame.leading]!;
    const span = trim(raw, bracket.start + 1, bracket.end - 1);
    if (span[1] > span[0]) return field(raw, span);
  }
  return trailing?.field ?? inLastBracket(scan, parts) ?? lastWord(scan, parts);
}

/** Words that sites and indexers hang behind a release. */
const HUNG =
  /(?:[-._ ]*\[[^\][]{1,30}\]|[-._ ]+(?:\(?(?:xpost|obfuscated|obfuscation|scrambled|asrequested|postbot|nzbgeek|buymore|chamele0n|rakuvfinhel|1|repost|rp|whiterev|alteza?hen|sample|proof)\)?))+\s*$/i;
const TAIL = /[-]\s?([^\s\-[\](){}.,;!?]{1,40}(?:\.(?:lt|mx|ag|am|to))?)$/;

function afterHyphen(scan: Scan, { marks, zone }: Parts): { field: Field<string>; sure: boolean } | undefined {
  const { raw, lower } = scan;
  let end = raw.trimEnd().length;
  const hung = HUNG.exec(raw.slice(Math.max(0, end - 80), end));
  if (hung !== null && !/^\s*\[[^\]]*\]\s*$/.test(raw.slice(0, end)) && hasTail(raw, end - hung[0].length))
    end -= hung[0].length;
  const open = /-\s?\[([^\][]{1,30})\]$/.exec(raw.slice(Math.max(0, end - 40), end));
  if (open !== null) {
    const start = end - 1 - open[1]!.length;
    return { field: field(raw, [start, end - 1]), sure: true };
  }
  const match = TAIL.exec(raw.slice(Math.max(0, end - 60), end));
  if (match === null) return undefined;
  let start = end - match[1]!.length;
  if (start < 3) return undefined;
  const technical = marks.filter(
    (mark) => mark.believed && mark.first >= Math.max(0, zone.end - 1) && mark.end <= start,
  );
  if (technical.length === 0) return undefined;
  const hit = termAt(lower, start, wordEnd(lower, start));
  if (hit !== undefined && hit.end >= end && (hit.term.grip === 'firm' || /^(?:DL|dl)$/.test(match[1]!)))
    return undefined;
  if (/^\d{1,3}$/.test(match[1]!) || /^[0-9a-f]{8}$/i.test(match[1]!)) return undefined;
  const last = technical.at(-1)!;
  if (last.end < start - 24 && !/[-.]/.test(raw.slice(last.end, start))) return undefined;
  // HiS@SiLUHD-English, Underwater-Commie: a hyphen inside of a group is rare and stands behind an underscore or a dot.
  const before = /[._ ]([A-Za-z0-9]{2,20})-$/.exec(raw.slice(Math.max(0, start - 24), start));
  if (
    before !== null &&
    last.end <= start - before[0].length + 1 &&
    technical.length > 1 &&
    isFact(last) &&
    !/\d/.test(before[1]!)
  )
    start -= before[0].length - 1;
  return { field: field(raw, [start, end]), sure: isFact(last) };
}

const isFact = (mark: Mark): boolean => mark.term !== undefined && mark.term.fact !== 'language';
const hasTail = (raw: string, end: number): boolean =>
  /-[^\s\-[\](){}]{1,40}$|-\s?\[[^\][]{1,30}\]$/.test(raw.slice(Math.max(0, end - 60), end));
const wordEnd = (lower: string, start: number): number => {
  const match = /[^a-z0-9]/.exec(lower.slice(start, start + 64));
  return match === null ? Math.min(lower.length, start + 64) : start + match.index;
};

/** "(…) [sxales]", "[ kickUploader ]": the last bracket, when it holds words that are no facts. */
function inLastBracket(scan: Scan, { marks, zone, frame }: Parts): Field<string> | undefined {
  const { raw, brackets, tokens } = scan;
  for (let b = brackets.length - 1; b >= 0 && b >= brackets.length - 3; b--) {
    const bracket = brackets[b]!;
    if (b === frame.leading || bracket.first >= bracket.last || bracket.first < zone.end) continue;
    const inside = marks.filter((mark) => mark.first >= bracket.first && mark.last <= bracket.last && mark.believed);
    if (inside.some((mark) => mark.term?.fact === 'crc' || mark.term?.fact === 'version' || mark.year !== undefined))
      continue;
    if (inside.length === 0) {
      const span = trim(raw, bracket.start + 1, bracket.end - 1);
      const text = raw.slice(span[0], span[1]);
      if (bracket.last - bracket.first <= 4 && /^[\w@&. !+-]{2,40}$/.test(text) && !/^\d+$/.test(text))
        return field(raw, span);
      continue;
    }
    const last = tokens[bracket.last - 1]!;
    const covers = (i: number): boolean => inside.some((mark) => mark.first <= i && i < mark.last);
    if (!covers(bracket.last - 1) && inside.length > 1 && /^[a-z][\w@]{1,20}$/.test(last.text))
      return field(raw, [last.start, last.end]);
    return undefined;
  }
  return undefined;
}

/** "… x264 ETRG", "… by Artik": the one word that stands behind the technical ones. */
function lastWord(scan: Scan, { marks, zone }: Parts): Field<string> | undefined {
  const { raw, tokens } = scan;
  const last = tokens.at(-1);
  if (last === undefined || last.wide || tokens.length - 1 < zone.end || last.bracket !== -1) return undefined;
  const by = tokens.at(-2);
  const named = by !== undefined && by.text === 'by';
  const covered = marks.some((mark) => mark.believed && mark.last === tokens.length);
  if (covered || !/^[a-z][\w]{1,20}$/i.test(last.text)) return undefined;
  const before = marks.filter((mark) => mark.believed && mark.last <= tokens.length - 1).at(-1);
  if (
    !named &&
    (before === undefined ||
      before.last !== tokens.length - 1 ||
      before.term === undefined ||
      (/(?:language|complete|subtitle)/.test(before.term.fact) && marks.length < 4))
  )
    return undefined;
  return field(raw, [last.start, last.end]);
}

function trim(raw: string, from: number, to: number): [number, number] {
  let [start, end] = [from, Math.max(from, to)];
  while (start < end && /[\s[({【]/.test(raw[start]!)) start++;
  while (end > start && /[\s\])}】]/.test(raw[end - 1]!)) end--;
  return [start, end];
}

const field = (raw: string, span: [number, number]): Field<string> => ({
  value: raw.slice(span[0], span[1]),
  span,
  confidence: 1,
});
