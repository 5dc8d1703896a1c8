import { allCovered, coverage, type Frame } from './frame.js';
import type { Mark } from './marks.js';
import type { Scan } from './scan.js';

/** Decides which years and soft words are facts and which are words of a title; sets `believed`. */
export function believe(scan: Scan, { marks, frame }: { marks: Mark[]; frame: Frame }): void {
  chooseYear(scan, { marks, frame });
  believeBrackets(scan, { marks, frame });
  believeNeighbours(scan, { marks, frame });
}

const LATEST_YEAR = 2032;

/** One year is the year of the work: in brackets before bare, late before early, and never the first word of a title. */
function chooseYear(scan: Scan, { marks, frame }: { marks: Mark[]; frame: Frame }): void {
  const { tokens, brackets } = scan;
  const numbered = marks.find(
    (mark) =>
      mark.firm &&
      mark.numbers !== undefined &&
      (mark.numbers.seasons !== undefined || mark.numbers.episodes !== undefined),
  );
  const technical = marks.find((mark) => mark.firm && mark.term !== undefined && mark.first >= frame.first);
  let best: Mark | undefined;
  let bestScore = 0;
  marks.forEach((mark, m) => {
    if (mark.year === undefined || mark.year > LATEST_YEAR) return;
    const bracket = brackets[tokens[mark.first]!.bracket];
    const alone = bracket !== undefined && bracket.last - bracket.first === 1;
    const leads = bracket !== undefined && bracket.first === mark.first;
    const trails = bracket !== undefined && bracket.last === mark.last;
    let score = alone ? 6 : leads ? 5 : trails ? 3 : bracket === undefined ? 4 : 0;
    if (score === 0) return;
    if (bracket === undefined && mark.first <= frame.first) {
      const nothingElse = technical === undefined && numbered === undefined && tokens.length > mark.last;
      score = nothingElse || tokens.length === 1 ? 1 : 0;
    } else if (numbered !== undefined && mark.first >= numbered.last && bracket === undefined) {
      const next = marks[m + 1];
      const close =
        mark.first === numbered.last ||
        mark.last >= tokens.length ||
        (next !== undefined && next.first === mark.last && (next.firm || next.term !== undefined));
      score = close ? 2 : 0;
    } else if (technical !== undefined && mark.first > technical.first && bracket === undefined) score = 2.5;
    else if (numbered !== undefined && mark.first > numbered.first && bracket !== undefined && !alone)
      score = leads ? 3 : 0.5;
    if (score > bestScore || (score === bestScore && score > 0)) {
      best = mark;
      bestScore = score;
    }
  });
  if (best !== undefined && bestScore >= 1) best.believed = true;
}

/** In brackets that hold nothing but soft words, years and firm marks, all are facts; not in those before the title. */
function believeBrackets(scan: Scan, { marks, frame }: { marks: Mark[]; frame: Frame }): void {
  const covered = coverage(scan.tokens.length, marks);
  scan.brackets.forEach((bracket, b) => {
    if (b === frame.leading || bracket.first === bracket.last) return;
    const inside = marks.filter((mark) => mark.first >= bracket.first && mark.last <= bracket.last);
    const technical = inside.some((mark) => mark.firm && mark.term !== undefined);
    if (!technical && !allCovered(covered, bracket)) return;
    for (const mark of inside) if (mark.term !== undefined) mark.believed = true;
  });
}

/** Behind the first believed mark soft words are facts; before it they are when nothing but marks lies between. */
function believeNeighbours(scan: Scan, { marks, frame }: { marks: Mark[]; frame: Frame }): void {
  const { tokens } = scan;
  let next = tokens.length;
  let chained: Mark | undefined;
  for (let m = marks.length - 1; m >= 0; m--) {
    const mark = marks[m]!;
    if (mark.believed) {
      next = mark.first;
      chained = mark;
      continue;
    }
    if (mark.term === undefined || mark.first <= frame.first) continue;
    const opens = mark.term.fact === 'complete' || mark.term.fact === 'edition' || mark.term.fact === 'version';
    const touches =
      mark.last === next &&
      chained !== undefined &&
      (opens || tokens[mark.first]!.bracket === tokens[chained.first]!.bracket);
    const atEnd = mark.last === tokens.length && marks.some((other) => other.believed && other.first < mark.first);
    if ((touches && mayStandBefore(mark, chained!, scan)) || atEnd) {
      mark.believed = true;
      next = mark.first;
      chained = mark;
    }
  }
  const anchor = marks.find((mark) => mark.believed && mark.first > frame.first && mark.numbers?.part === undefined);
  if (anchor === undefined) return;
  const episodic = anchor.numbers !== undefined || anchor.date !== undefined;
  const behind = episodic
    ? marks.find((mark) => mark.believed && mark.term !== undefined && mark.first >= anchor.last)
    : anchor;
  for (const mark of marks) {
    if (mark.believed || mark.term === undefined) continue;
    if (behind !== undefined && mark.first > behind.first) mark.believed = true;
    else if (episodic && mark.first === anchor.last && mark.term.fact !== 'source') mark.believed = true;
  }
}

/** A language before a year is a title ("The Good German 2006"), an edition is not; nothing soft stands before an episode. */
function mayStandBefore(mark: Mark, next: Mark, scan: Scan): boolean {
  if (next.year !== undefined || next.date !== undefined)
    return (
      mark.term!.fact === 'edition' ||
      (mark.term!.fact === 'other' && (isCapital(scan, mark) || mark.term!.value === '3D')) ||
      (mark.term!.fact === 'language' && isCapital(scan, mark) && mark.term!.value !== 'dual')
    );
  if (next.numbers !== undefined)
    return mark.term!.fact === 'complete' || (mark.term!.fact === 'edition' && isCapital(scan, mark));
  return true;
}

function isCapital({ raw }: Scan, mark: Mark): boolean {
  const text = raw.slice(mark.start, mark.end);
  return text.length > 1 && text === text.toUpperCase() && raw !== raw.toUpperCase();
}
