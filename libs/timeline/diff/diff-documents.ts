import type { Change } from './change.js';
import { diffShots } from './diff-shots.js';
import { diffStory } from './diff-story.js';
import { diffThings, type Things } from './diff-things.js';
import { diffTracks } from './diff-tracks.js';
import { diffValues, keysOfBoth, ownField } from './diff-values.js';
import { committable, isDocument, type Document } from '../document.js';
import { nameOf, readFilm, readRows, type Film, type Numbers, type PartName, type Parts } from './film.js';
import type { Rows } from '../merge/keyed-list.js';
import { sameValue } from '../merge/same-value.js';
import { ShotParts } from './shot-parts.js';

export type { Change, ChangeKind, Entity } from './change.js';

/**
 * What differs between two documents, one entry for each thing that somebody did: tracks, shots by their time, scenes,
 * beats, characters, assets, then everything else. Nothing that keeps its id is both removed and added, and shots that
 * only make room for another are one change together. What is no film is told key by key. Nothing is told if and only
 * if both would be the same commit. Excerpts of documents come with the `numbers` of the shots they show.
 */
export function diffDocuments(
  before: Document,
  after: Document,
  numbers?: Record<'before' | 'after', Numbers>,
): Change[] {
  const documents = new Sections(committable(before), committable(after));
  const effects = documents.table([], 'effects');
  const state = documents.table([], 'editorState');
  const tables = Object.fromEntries(TABLES.map((name) => [name, documents.table(['editorState'], name, state)]));
  const { scenes, beats, characters, assets, clips, timelineItems } = tables as Record<(typeof TABLES)[number], Pair>;
  const rows = documents.rows();

  const [had, has] = (['before', 'after'] as const).map((side): Film => {
    const parts: Parts = {
      rows: rows[side],
      effects: effects[side],
      timelineItems: timelineItems[side],
      clips: clips[side],
      assets: assets[side],
    };
    return readFilm(parts, numbers?.[side]);
  }) as [Film, Film];
  const parts = new ShotParts(had, has);
  const isCleared = clearedBy({ characters, scenes, beats });
  const partsTold = (part: PartName, pair: Pair) => ({
    nameOf,
    isTold: (id: string) =>
      parts.isTold(part, id, {
        before: ownField(pair.before, id) !== undefined,
        after: ownField(pair.after, id) !== undefined,
      }),
    isExplained: isCleared,
  });
  const story = (side: 'before' | 'after') => ({
    scenes: scenes[side],
    beats: beats[side],
    sceneOrder: ownField(state[side], 'sceneOrder'),
  });
  const thingsIn = (entity: Things['entity'], name: string, pair: Pair): Things => ({
    entity,
    path: name === 'effects' ? ['effects'] : ['editorState', name],
    ...pair,
  });
  return [
    ...diffTracks(had, has),
    ...diffShots({ before: had, after: has, parts, isCleared }),
    ...diffStory(story('before'), story('after'), isCleared),
    ...diffThings(thingsIn('character', 'characters', characters), { nameOf, nameField: 'name' }),
    ...diffThings(thingsIn('asset', 'assets', assets), { ...partsTold('assets', assets), nameOf: assetName }),
    ...diffThings(thingsIn('effect', 'effects', effects), { ...partsTold('effects', effects), nameField: 'name' }),
    ...diffThings(thingsIn('timeline_item', 'timelineItems', timelineItems), partsTold('timelineItems', timelineItems)),
    ...diffThings(thingsIn('clip', 'clips', clips), partsTold('clips', clips)),
    ...documents.rest(state),
  ];
}

const TABLES = ['scenes', 'beats', 'characters', 'assets', 'clips', 'timelineItems'] as const;

interface Pair {
  before: Document;
  after: Document;
}

/** Takes two documents apart; what does not have the shape it should have is compared as any other value. */
class Sections {
  private others: Change[] = [];

  constructor(
    private readonly before: Document,
    private readonly after: Document,
  ) {}

  /** A section that is an object in both, one that is not there being empty. */
  table(path: string[], name: string, within: Pair = this.pair): Pair {
    const [before, after] = [ownField(within.before, name), ownField(within.after, name)];
    if (!isTable(before) || !isTable(after)) {
      this.tell(diffValues([...path, name], before, after));
      return { before: {}, after: {} };
    }
    const isEmpty = [before, after].every((table) => sameValue(table ?? {}, {}));
    if (isEmpty) this.tell(diffValues([...path, name], before, after));
    return { before: before ?? {}, after: after ?? {} };
  }

  rows(): { before: Rows; after: Rows } {
    const [before, after] = [ownField(this.before, 'editorData'), ownField(this.after, 'editorData')];
    const [rows, newRows] = [readRows(before), readRows(after)];
    const isFilm = rows !== undefined && newRows !== undefined;
    if (!isFilm || rows.size + newRows.size === 0) this.tell(diffValues(['editorData'], before, after));
    return isFilm ? { before: rows, after: newRows } : { before: new Map(), after: new Map() };
  }

  /** What nobody asked for, in the editor's state and in the document. */
  rest(state: Pair): Change[] {
    const unread = (path: string[], pair: Pair, known: readonly string[]): Change[] =>
      keysOfBoth(pair.before, pair.after)
        .filter((key) => !known.includes(key))
        .flatMap((key) => diffValues([...path, key], ownField(pair.before, key), ownField(pair.after, key)));
    return [
      ...this.others,
      ...unread(['editorState'], state, [...TABLES, 'sceneOrder']),
      ...unread([], this.pair, ['editorData', 'effects', 'editorState']),
    ];
  }

  private tell(changes: Change[]): void {
    this.others = this.others.concat(changes);
  }

  private get pair(): Pair {
    return { before: this.before, after: this.after };
  }
}

const isTable = (value: unknown): value is Document | undefined => value === undefined || isDocument(value);

/** The fields that name other things, and the table of what they name. */
const NAMING = {
  characterIds: 'characters',
  relatedCharacterId: 'characters',
  sceneId: 'scenes',
  linkedBeatId: 'beats',
  relatedBeatId: 'beats',
} as const;

/** Whoever is removed leaves every list and field that named them; that is no change of those who named them. */
function clearedBy(tables: Record<(typeof NAMING)[keyof typeof NAMING], Pair>) {
  return (field: string, before: unknown, after: unknown): boolean => {
    if (!Object.hasOwn(NAMING, field)) return false;
    const table = tables[NAMING[field as keyof typeof NAMING]];
    const isGone = (id: unknown): boolean =>
      typeof id === 'string' && ownField(table.before, id) !== undefined && ownField(table.after, id) === undefined;
    if (Array.isArray(before))
      return sameValue(
        before.filter((id) => !isGone(id)),
        after,
      );
    return isGone(before) && (after === undefined || after === null || after === '');
  };
}

/** Assets are called what their file is called. */
function assetName(asset: Document): string | undefined {
  const url = ownField(asset, 'url');
  const file = typeof url === 'string' ? /([^/?#]+)\/?(?:[?#].*)?$/.exec(url)?.[1] : undefined;
  return nameOf(asset) ?? file;
}
