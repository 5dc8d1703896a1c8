import { bestAssignment } from './best-assignment.js';
import type { Fraction } from './fraction.js';
import type { Media, Row, Shot } from './shot.js';

/** A shot of a file and the shot of the film that it is: 1 where the file says so by its id, else how alike the two are. */
export interface ShotMatch {
  film: Shot;
  file: Shot;
  by: 'id' | 'likeness';
  confidence: number;
}

/**
 * Finds for each shot of a file the one of the film that it is, if any: by its id, else by what it shows of which media, its
 * name, where it is and who its neighbours are. Each shot is matched once, so that all together are as alike as can be.
 */
export function matchShots(film: readonly Shot[], file: readonly Shot[]): ShotMatch[] {
  const byId = new Map(
    film.flatMap((shot) => (shot.ids.timelineItem === undefined ? [] : [[shot.ids.timelineItem, shot]])),
  );
  const matches = new Map<Shot, ShotMatch>();
  const taken = new Set<Shot>();
  const keep = (match: ShotMatch) => {
    matches.set(match.file, match);
    taken.add(match.film);
  };
  for (const shot of file) {
    const same = shot.ids.timelineItem === undefined ? undefined : byId.get(shot.ids.timelineItem);
    if (same && !taken.has(same)) keep({ film: same, file: shot, by: 'id', confidence: 1 });
  }
  const [filmOrder, fileOrder] = [neighboursIn(film), neighboursIn(file)];
  const [filmHeights, fileHeights] = [heightsOf(film), heightsOf(file)];
  const isBeside = (one: Shot, other: Shot, side: 'before' | 'after') =>
    matches.get(fileOrder.get(one)![side]!)?.film === filmOrder.get(other)![side];
  // What is certain by itself first: it then tells of its neighbours.
  for (const least of [0.7, LEAST_ALIKE, LEAST_ALIKE]) {
    const open = candidates(
      film.filter((shot) => !taken.has(shot)),
      file.filter((shot) => !matches.has(shot)),
    );
    const scored = open.map(({ film, file, likeness }) => {
      const beside = (['before', 'after'] as const).filter((side) => isBeside(file, film, side)).length;
      const onItsRow = filmHeights.get(film.row) === fileHeights.get(file.row) ? OWN_ROW : 0;
      return { film, file, confidence: likeness + beside * NEIGHBOUR + onItsRow };
    });
    for (const { film, file, confidence } of together(scored, least))
      keep({ film, file, by: 'likeness', confidence: Math.min(0.99, Math.round(confidence * 100) / 100) });
  }
  return file.flatMap((shot) => matches.get(shot) ?? []);
}

interface Scored {
  film: Shot;
  file: Shot;
  confidence: number;
}

/** Of the pairs that are likely enough, those that go together: how far each is above the least counts, not how many there are. */
function together(scored: readonly Scored[], least: number): Scored[] {
  const pairs = scored.filter(({ confidence }) => confidence >= least);
  const columns = new Map([...new Set(pairs.map(({ film }) => film))].map((film, at) => [film, at]));
  const rows = [...Map.groupBy(pairs, ({ file }) => file).values()];
  const offers = rows.map((row) =>
    row.map(({ film, confidence }) => ({ column: columns.get(film)!, gain: confidence - least + EVEN })),
  );
  return bestAssignment(offers, columns.size).flatMap(
    (column, at) => rows[at]!.find(({ film }) => columns.get(film) === column) ?? [],
  );
}

/** What any match at all is worth. */
const EVEN = 0.01;
const LEAST_ALIKE = 0.5;
const NEIGHBOUR = 0.1;
/** Of shots that are alike otherwise the one that lies as high counts. */
const OWN_ROW = 0.01;
/** Of media that are shown more often than this, only the places next to each other are compared. */
const MOST_COMPARED = 200;

interface Candidate {
  film: Shot;
  file: Shot;
  likeness: number;
}

/** The pairs that could be the same: those that show the same media, and where there are none, those of one name. */
function candidates(film: readonly Shot[], file: readonly Shot[]): Candidate[] {
  const buckets = new Map<string, Shot[]>();
  for (const shot of film.toSorted((a, b) => seconds(a.start) - seconds(b.start))) {
    const bucket = buckets.get(subjectOf(shot)) ?? [];
    buckets.set(subjectOf(shot), bucket);
    bucket.push(shot);
  }
  return file.flatMap((shot) => {
    const bucket = buckets.get(subjectOf(shot)) ?? [];
    const at = bucket.findIndex((other) => seconds(other.start) >= seconds(shot.start));
    const middle = at < 0 ? bucket.length : at;
    const near = bucket.slice(Math.max(0, middle - MOST_COMPARED), middle + MOST_COMPARED);
    return near.map((other) => ({ film: other, file: shot, likeness: likeness(other, shot) }));
  });
}

/** Which of the rows of its kind each row is, of those that have shots. */
function heightsOf(shots: readonly Shot[]): Map<Row, number> {
  const counts = { video: 0, audio: 0 };
  return new Map([...new Set(shots.map(({ row }) => row))].map((row) => [row, counts[row.kind]++]));
}

/** How alike two shots of the same subject are, from 0 to 0.9: the rest is what neighbours say. */
function likeness(film: Shot, file: Shot): number {
  const isNamed = film.name !== '' && film.name === file.name;
  const distance = Math.abs(seconds(film.start) - seconds(file.start));
  const isElsewhere = film.media.url !== '' && file.media.url !== '' && film.media.url !== file.media.url;
  const place = 0.09 * Math.max(0, 1 - distance / 60);
  return (isElsewhere ? 0.3 : 0.4) + 0.3 * sharedSource(film, file) + (isNamed ? 0.1 : 0) + place;
}

/** How much of what either shows of its media both show. */
export function sharedSource(one: Shot, other: Shot): number {
  const [from, until] = [
    Math.max(seconds(one.sourceStart), seconds(other.sourceStart)),
    Math.min(endOf(one), endOf(other)),
  ];
  const all = Math.max(endOf(one), endOf(other)) - Math.min(seconds(one.sourceStart), seconds(other.sourceStart));
  return all > 0 ? Math.max(0, until - from) / all : 0;
}

const endOf = ({ sourceStart, duration }: Shot): number => seconds(sourceStart) + seconds(duration);
/** Counted once for each time: pairs are many. */
function seconds(time: Fraction): number {
  const known = counted.get(time);
  if (known !== undefined) return known;
  const number = Number(time.n) / Number(time.d);
  counted.set(time, number);
  return number;
}
const counted = new WeakMap<Fraction, number>();

/** What a shot shows or lets hear, wherever the file of it lies by now; without media what it is called. */
function subjectOf({ row, media, name }: Shot): string {
  return `${row.kind} ${fileOf(media) ?? `named ${name}`}`;
}

/** The name of a file of media, or undefined where there is none. Editors move files and link them anew. */
export function fileOf({ url, name }: Pick<Media, 'url' | 'name'>): string | undefined {
  const path = url === '' ? (name ?? '') : url.replace(/[?#].*$/s, '');
  const last = path.split(/[/\\]/).at(-1) ?? '';
  if (last === '') return undefined;
  try {
    return `file ${decodeURIComponent(last)}`;
  } catch {
    return `file ${last}`;
  }
}

/** For each shot the one before and the one after it on its row. */
function neighboursIn(shots: readonly Shot[]): Map<Shot, { before?: Shot; after?: Shot }> {
  const found = new Map<Shot, { before?: Shot; after?: Shot }>(shots.map((shot) => [shot, {}]));
  for (const row of Map.groupBy(shots, (shot) => shot.row).values())
    row
      .toSorted((a, b) => seconds(a.start) - seconds(b.start))
      .forEach((shot, at, all) => {
        const before = all[at - 1];
        if (!before) return;
        found.get(shot)!.before = before;
        found.get(before)!.after = shot;
      });
  return found;
}
