import { createHash } from 'node:crypto';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { foldKey } from '#libs/titles/fold';
import { openTitleIndex } from '#libs/titles/open-title-index';
import type { TitleIndex } from '#libs/titles/title-index';
import type { WorkRow } from '#libs/titles/rows';
import { PARSERS } from './parsers.js';
import type { Case } from './profiles.js';
import { percent, table } from './table.js';

/**
 * Prints how often a whole release name leads to a work nobody disputes, in two sets. The first are names of the corpora whose title, as
 * the corpus expects it and as the peers read it, is to the letter a title of one work alone, by at least two of them and with none
 * against it; a name of a second or later season is held to the show. The second are names made in the manner of a dozen release groups
 * of one or two titles of a work, each of which no other work has.
 */
export async function reportAgreed(corpora: Map<string, Case[]>, rows: readonly WorkRow[]): Promise<void> {
  const index = openTitleIndex(buildTitleIndex(rows));
  const rootOf = new Map(rows.map((row) => [row.release_key, row.root ?? row.release_key]));
  const soleWork = soleWorks(rows);
  const lines = [
    await ofCorpora(corpora, { index, soleWork, rootOf }),
    ofManners(rows, { index, soleWork, rootOf }),
  ].map(({ name, names, work, root }) => [
    name,
    `${work} of ${names}`,
    percent(work / Math.max(names, 1)),
    percent(root / Math.max(names, 1)),
  ]);
  console.log('release name → work nobody disputes');
  console.log(table(['set', 'the work', 'share', 'or a sister'], lines));
}

interface Known {
  index: TitleIndex;
  /** The work that alone has a title, by the key of the title. */
  soleWork: ReadonlyMap<string, string>;
  rootOf: ReadonlyMap<string, string>;
}

interface Tally {
  name: string;
  names: number;
  work: number;
  root: number;
}

function soleWorks(rows: readonly WorkRow[]): Map<string, string> {
  const named = new Map<string, Set<string>>();
  for (const { release_key, aliases } of rows)
    for (const { title, kind } of aliases) {
      const key = foldKey(title);
      if (kind !== 'reading' && key.length > 1) named.set(key, (named.get(key) ?? new Set()).add(release_key));
    }
  return new Map([...named].filter(([, works]) => works.size === 1).map(([key, works]) => [key, [...works][0]!]));
}

async function ofCorpora(corpora: Map<string, Case[]>, { index, soleWork, rootOf }: Known): Promise<Tally> {
  const tally = { name: 'corpora, where readers agree', names: 0, work: 0, root: 0 };
  for (const { name, expected } of [...corpora.values()].flat()) {
    const says = expected as Record<string, unknown>;
    const readings = [[says.title, says.title_en, says.title_zh].flat().filter((title) => typeof title === 'string')];
    for (const { name: parser, read } of PARSERS)
      if (parser !== 'evidverse') readings.push((await quietly(() => read(name)))?.titles ?? []);
    const votes = readings.map(
      (titles) => new Set(titles.map((title) => soleWork.get(foldKey(title))).filter((work) => work !== undefined)),
    );
    const works = new Set(votes.flatMap((of) => [...of]));
    if (works.size !== 1 || votes.filter((of) => of.size > 0).length < 2) continue;
    const [meant] = works as Set<string>;
    const answer = index.resolve(name, { limit: 1 }).candidates[0];
    const isKin = answer !== undefined && rootOf.get(answer.release_key) === rootOf.get(meant!);
    const saysSeason = SEASON.test(name);
    tally.names++;
    if (answer?.release_key === meant || (saysSeason && isKin)) tally.work++;
    if (isKin) tally.root++;
  }
  return tally;
}
const SEASON = /s(?:eason ?)?0*(?:[2-9]|1[0-9])(?![0-9])|[2-9](?:nd|rd|th) season|第[二三四五2-9]期/i;

async function quietly<T>(ask: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

/** How groups put two titles of a work, an episode and technical words into one name. */
const MANNERS: readonly ((a: string, b: string) => string)[] = [
  (a, b) => `[GroupHouse] ${a} / ${b} - 05 [WebRip 1080p HEVC-10bit AAC][简繁内封字幕]`,
  (a, b) => `[样字幕组][${a}][${b}][05][BIG5][1080P].mp4`,
  (a, b) => `【样字幕组】★10月新番★[${a} / ${b}][05][1080p][简体][招募翻译]`,
  (a, b) => `【样字幕组】【${a} ${b}】【05】【BIG5_MP4】【1280X720】`,
  (a, b) => `[Group] ${a} (${b}) [05][HEVC-10bit 1080p AAC][CHS&CHT].mkv`,
  (a, b) => `${dotted(a)}.${dotted(b)}.S01E05.1080p.WEB-DL.AAC2.0.H264-GRP`,
  (a) => `[Group kissaten] ${a} [05][1080p][JPSC].mp4`,
  (a) => `[Group] ${a} - 05 (1080p) [ABCD1234].mkv`,
  (a) => `[GRP] ${a} - 05 [1080P][WEB-DL][AAC AVC][CHT][MP4]`,
  (a) => `[Group_A][${a.replaceAll(' ', '_')}][05][GB][720P].mp4`,
  (a) => `[Group&Studio] ${a} [Ma10p_1080p]`,
  (a) => `${a}.2160p.BluRay.x265.10bit-GRP`,
];
const dotted = (title: string): string => title.replace(/\s+/g, '.');

function ofManners(rows: readonly WorkRow[], { index, soleWork, rootOf }: Known): Tally {
  const tally = { name: 'made in the manner of groups', names: 0, work: 0, root: 0 };
  for (const { release_key, aliases } of rows) {
    const own = aliases.filter(({ title, kind }) => kind !== 'reading' && soleWork.has(foldKey(title)));
    const titles = [...new Map(own.map(({ title }) => [foldKey(title), title])).values()];
    if (titles.length < 2) continue;
    const [first, second, manner] = createHash('md5').update(release_key).digest();
    const a = first! % titles.length;
    const b = (a + 1 + (second! % (titles.length - 1))) % titles.length;
    const name = MANNERS[manner! % MANNERS.length]!(titles[a]!, titles[b]!);
    const answer = index.resolve(name, { limit: 1 }).candidates[0]?.release_key;
    tally.names++;
    if (answer === release_key) tally.work++;
    if (answer !== undefined && rootOf.get(answer) === rootOf.get(release_key)) tally.root++;
  }
  return tally;
}
