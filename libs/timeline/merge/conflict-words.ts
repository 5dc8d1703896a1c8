import { FIELDS, NOUNS, seconds, shortText, type Language } from '../diff/change-words.js';
import type { Document } from '../document.js';
import type { Conflict, Path } from './conflict.js';
import { allowedTakes, type Take } from './settle-conflict.js';
import { subjectOf, type Subject } from './subject-of.js';
import type { Versions } from './versions.js';

/** What the two sides of a merge are called: mostly the names of their branches. */
export interface SideNames {
  ours: string;
  theirs: string;
}

/** A conflict for people to read: where it is, what happened, and what each way to settle it means. */
export interface ConflictWords {
  where: string;
  what: string;
  choices: { take: Take; words: string }[];
}

/** Says a conflict in a language; the documents tell what things are called. */
export function conflictInWords(
  conflict: Conflict,
  documents: Versions<Document>,
  { language, names }: { language: Language; names: SideNames },
): ConflictWords {
  const named = [documents.ours, documents.theirs, documents.base];
  const say = WORDS[language];
  const where = say.where(subjectOf(conflict.path, named));
  const places = {
    ours: placeOf(conflict.ours, named),
    theirs: placeOf(conflict.theirs, named),
    base: placeOf(conflict.base, named),
  };
  const told: Told = {
    conflict,
    where,
    names,
    deleter: conflict.ours === undefined ? 'ours' : 'theirs',
    value: (side) => shortText(conflict[side]) ?? timesOf(conflict[side], say.times),
    place: (side) => {
      const place = places[side];
      return place === undefined ? undefined : say.where(place);
    },
    users: (conflict.used_by ?? []).map((user) => say.where(thingOf(subjectOf(user, named)))),
  };
  return {
    where,
    what: say[conflict.kind](told),
    choices: allowedTakes(conflict).map((take) => ({ take, words: say.choice(take, told) })),
  };
}

type Side = 'ours' | 'theirs' | 'base';
interface Told {
  conflict: Conflict;
  where: string;
  names: SideNames;
  deleter: 'ours' | 'theirs';
  value(side: Side): string | undefined;
  place(side: Side): string | undefined;
  users: string[];
}

type Words = Record<Conflict['kind'], (told: Told) => string> & {
  where(subject: Subject): string;
  times(start: string, end: string): string;
  choice(take: Take, told: Told): string;
};

const keeperOf = ({ deleter }: Told) => (deleter === 'ours' ? 'theirs' : 'ours');

const en: Words = {
  where: ({ entity, name, field }) => {
    const thing = entity === 'value' ? name : entity === 'shot' ? `“${name}”` : `${NOUNS.en[entity]} “${name}”`;
    return field === undefined ? thing : `${FIELDS.en[field] ?? field} of ${thing}`;
  },
  times: (start, end) => `${start}–${end} s`,
  both_changed: ({ conflict, where, names, value }) => {
    const [ours, theirs] = [value('ours'), value('theirs')];
    const the = conflict.fields ? '' : 'the ';
    const values =
      ours === undefined || theirs === undefined ? '' : `: ${names.ours} to ${ours}, ${names.theirs} to ${theirs}`;
    return `Both ${names.ours} and ${names.theirs} changed ${the}${where}${values}`;
  },
  deleted_and_changed: (told) =>
    `${told.names[told.deleter]} deleted ${told.where}, which ${told.names[keeperOf(told)]} changed`,
  moved_twice: ({ where, names, place }) => {
    const [ours, theirs] = [place('ours'), place('theirs')];
    const places =
      ours === undefined || theirs === undefined ? '' : `: ${names.ours} to ${ours}, ${names.theirs} to ${theirs}`;
    return `Both ${names.ours} and ${names.theirs} moved ${where}${ours === theirs ? ', to different places' : places}`;
  },
  deleted_but_used: (told) =>
    `${told.names[told.deleter]} deleted ${told.where}, which ${told.names[keeperOf(told)]} uses in ${told.users.join(', ')}`,
  choice: (take, told) => {
    const { conflict, names, value, place, where } = told;
    switch (take) {
      case 'value':
        return 'Write something else';
      case 'restore':
        return `Bring ${where} back`;
      case 'drop_use':
        return `Delete ${where} and no longer use it`;
      case 'nearest_gap':
        return `Keep ${where} at the nearest gap of its track`;
      case 'base':
        return conflict.kind === 'moved_twice' ? 'Leave it where it was' : `Keep what it was${suffix(value('base'))}`;
      default:
        if (conflict.kind === 'deleted_and_changed')
          return conflict[take] === undefined ? `Delete ${where}` : `Keep ${where}`;
        if (conflict.kind === 'moved_twice') return `Put it where ${names[take]} has it${suffix(place(take))}`;
        return `Take what ${names[take]} has${suffix(value(take))}`;
    }
  },
};

const zh: Words = {
  where: ({ entity, name, field }) => {
    const thing = entity === 'value' ? ` ${name} ` : entity === 'shot' ? `“${name}”` : `${NOUNS.zh[entity]}“${name}”`;
    return field === undefined ? thing : `${thing}的${FIELDS.zh[field] ?? field}`;
  },
  times: (start, end) => `第 ${start} 秒到第 ${end} 秒`,
  both_changed: ({ where, names, value }) => {
    const [ours, theirs] = [value('ours'), value('theirs')];
    const values =
      ours === undefined || theirs === undefined ? '' : `：${names.ours} 改为 ${ours}，${names.theirs} 改为 ${theirs}`;
    return `${names.ours} 和 ${names.theirs} 都修改了${where}${values}`;
  },
  deleted_and_changed: (told) =>
    `${told.names[told.deleter]} 删除了${told.where}，而 ${told.names[keeperOf(told)]} 修改了它`,
  moved_twice: ({ where, names, place }) => {
    const [ours, theirs] = [place('ours'), place('theirs')];
    const places =
      ours === undefined || theirs === undefined ? '' : `：${names.ours} 移到${ours}，${names.theirs} 移到${theirs}`;
    return `${names.ours} 和 ${names.theirs} 都移动了${where}${ours === theirs ? '，位置不同' : places}`;
  },
  deleted_but_used: (told) =>
    `${told.names[told.deleter]} 删除了${told.where}，而 ${told.names[keeperOf(told)]} 在${told.users.join('、')}中使用了它`,
  choice: (take, told) => {
    const { conflict, names, value, place, where } = told;
    switch (take) {
      case 'value':
        return '另写内容';
      case 'restore':
        return `恢复${where}`;
      case 'drop_use':
        return `删除${where}，不再使用`;
      case 'nearest_gap':
        return `保留${where}，放到所在轨道最近的空隙`;
      case 'base':
        return conflict.kind === 'moved_twice' ? '留在原处' : `保持原样${suffixZh(value('base'))}`;
      default:
        if (conflict.kind === 'deleted_and_changed')
          return conflict[take] === undefined ? `删除${where}` : `保留${where}`;
        if (conflict.kind === 'moved_twice') return `采用 ${names[take]} 的位置${suffixZh(place(take))}`;
        return `采用 ${names[take]} 的内容${suffixZh(value(take))}`;
    }
  },
};

const WORDS: Record<Language, Words> = { en, zh };

const suffix = (words: string | undefined): string => (words === undefined ? '' : `: ${words}`);
const suffixZh = (words: string | undefined): string => (words === undefined ? '' : `：${words}`);

const thingOf = ({ field: _field, ...subject }: Subject): Subject => subject;

/** Where a moved thing stands, as conflicts note it: the row it is in. */
function placeOf(standing: unknown, documents: readonly Document[]): Subject | undefined {
  const path = (standing as { in?: Path } | undefined)?.in;
  return Array.isArray(path) ? thingOf(subjectOf(path as Path, documents)) : undefined;
}

/** From when to when a shot stands, where its times are what a conflict is about. */
function timesOf(value: unknown, words: Words['times']): string | undefined {
  const { start, end } = (value ?? {}) as { start?: unknown; end?: unknown };
  return typeof start === 'number' && typeof end === 'number' ? words(seconds(start), seconds(end)) : undefined;
}
