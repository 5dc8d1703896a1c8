import type { Frame } from './frame.js';
import type { Mark } from './marks.js';
import type { Field } from './parsed-name.js';
import type { Scan } from './scan.js';
import type { Zone } from './title.js';
import { CONTAINERS, termAt } from './vocabulary.js';

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
  return trailing?.field ?? byName(scan) ?? inLastBracket(scan, parts) ?? lastWord(scan, parts);
}

/** Words that sites and indexers hang behind a release. */
const HUNG =
  /(?:(?:[-._ ]*\[[^\][]{1,30}\])+|[-._ ]+\(?(?:xpost|1(?=$)|obfuscat(?:ed|ion)|scrambled|as-?requested|alternativetorequested|alternativetorequest|postbot|nzbgeek|buymore|chamele0n|rakuv\w{0,9}|z0ids3n|4p(?:lanet)?|altezachen|repackpost|repost|rp|whiterev|gerov|prime|sample|proof|ma?nta)\)?|[._](?:english|german|french|italian|spanish)|[ ._]v\d|\s\([^()]{1,60}\))\s*$/i;
const GROUP = /^[^\s\][(){},;!?]{1,40}$/;

function afterHyphen(scan: Scan, { marks, zone }: Parts): { field: Field<string>; sure: boolean } | undefined {
  const { raw, lower } = scan;
  const believed = marks.filter((mark) => mark.believed && mark.first >= Math.max(0, zone.end - 1));
  const end = withoutHung(raw);
  const tail = believed.findLast(
    (mark) =>
      mark.end < end &&
      mark.term !== undefined &&
      lower[mark.end] !== undefined &&
      /^[.\s]?-/.test(lower.slice(mark.end, mark.end + 2)),
  );
  if (tail !== undefined) {
    const start = tail.end + /^[.\s]?-\s?\[?/.exec(raw.slice(tail.end, tail.end + 4))![0].length;
    const cut = believed.find((mark) => mark.start >= tail.end && mark.start < end)?.start ?? end;
    const text = raw.slice(start, Math.max(start, cut)).replace(/[\]\s._-]+$/, '');
    const spaced =
      /^\w{2,12}(?: \w{2,12}){1,2}$/.test(text) &&
      !believed.some((mark) => mark.first >= tail.last && mark.term?.grip === 'firm');
    if ((GROUP.test(text) || spaced) && isName(scan, { start, end: start + text.length, marks: believed }))
      return { field: field(raw, [start, start + text.length]), sure: true };
  }
  const match = /-\s?\[?([^\s\-[\](){}.,;!?]{1,40}(?:\.(?:lt|mx|ag|am|to))?)\]?$/.exec(
    raw.slice(Math.max(0, end - 60), end),
  );
  if (match === null || believed.length === 0) return undefined;
  let start = end - match[0].length + match[0].indexOf(match[1]!);
  if (start < 3 || !isName(scan, { start, end: start + match[1]!.length, marks: believed })) return undefined;
  if (believed.every((mark) => mark.term === undefined) && marks.length > 0 && !/[a-z]/i.test(match[1]!))
    return undefined;
  const stop = start + match[1]!.length;
  // D-Z0N3: one letter, a hyphen, and the rest of the name.
  if (/[._ ][A-Z]-$/.test(raw.slice(Math.max(0, start - 3), start))) start -= 2;
  const last = believed.findLast((mark) => mark.end <= start);
  if (last?.term === undefined || start - last.end > 24) return undefined;
  // Hive-CM8: one word that is no known one stands between the technical ones and the hyphen.
  const word = /^[._ ]([A-Za-z]{2,6})-$/.exec(raw.slice(last.end, start))?.[1];
  if (word !== undefined && !CONTAINERS.has(word.toLowerCase())) start -= word.length + 1;
  return { field: field(raw, [start, stop]), sure: false };
}

/** Where a name ends when what others have hung behind it is taken off; only behind a hyphen that leads to a group. */
function withoutHung(raw: string): number {
  let end = raw.trimEnd().length;
  for (let i = 0; i < 3; i++) {
    const hung = HUNG.exec(raw.slice(Math.max(0, end - 90), end));
    if (hung === null || !HAS_TAIL.test(raw.slice(Math.max(0, end - hung[0].length - 60), end - hung[0].length))) break;
    end -= hung[0].length;
  }
  return end;
}
const HAS_TAIL = /-\s?[^\s\-[\](){}]{1,40}$|-\s?\[[^\][]{1,30}\]$/;

/** A group is no number, no checksum and no technical word, unless the same thing has been said before. */
function isName(
  { lower }: Scan,
  { start, end, marks }: { start: number; end: number; marks: readonly Mark[] },
): boolean {
  const text = lower.slice(start, end);
  if (/^\d{1,4}$/.test(text) || /^_?[0-9a-f]{8}$/.test(text) || text === '') return false;
  if (
    marks.some(
      (mark) =>
        mark.numbers !== undefined &&
        mark.start < end &&
        mark.end > start &&
        mark.end - mark.start > 2 &&
        /e\d/.test(text),
    )
  )
    return false;
  const word = /^[a-z0-9]+/.exec(text)?.[0] ?? '';
  const hit = word === '' ? undefined : termAt(lower, start, start + word.length);
  if (hit === undefined || hit.end < end) return true;
  return hit.term.fact === 'source' && marks.some((mark) => mark.term?.fact === 'video_codec' && mark.end <= start);
}

/** "by Artik" near the end. */
function byName({ raw, lower, tokens }: Scan): Field<string> | undefined {
  const by = tokens.findLastIndex((token) => token.text === 'by');
  const name = tokens[by + 1];
  if (by < 2 || name === undefined || by < tokens.length - 4 || name.wide) return undefined;
  const close = lower.slice(tokens[by]!.end, name.start).length === 1;
  return close ? field(raw, [name.start, name.end]) : undefined;
}

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
    const leads = leadingName(scan, { bracket, inside });
    if (leads !== undefined) return leads;
  }
  return undefined;
}

/** "(Central Anime, 720p)": words before the technical ones, parted by a comma. */
function leadingName(
  { raw, tokens }: Scan,
  { bracket, inside }: { bracket: Scan['brackets'][number]; inside: readonly Mark[] },
): Field<string> | undefined {
  const first = inside[0]!;
  const count = first.first - bracket.first;
  if (count < 1 || count > 3 || raw[tokens[first.first - 1]!.end] !== ',') return undefined;
  return field(raw, [tokens[bracket.first]!.start, tokens[first.first - 1]!.end]);
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
  if (
    /[)\]]\s?$/.test(raw.slice(Math.max(0, last.start - 2), last.start)) &&
    marks.some((mark) => mark.believed && mark.term !== undefined) &&
    tokens.at(-2)!.bracket !== -1
  )
    return field(raw, [last.start, last.end]);
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
