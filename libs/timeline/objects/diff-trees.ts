import type { Change } from '../diff/change.js';
import { diffDocuments } from '../diff/diff-documents.js';
import type { Document } from '../document.js';
import { readFilmDifference, type FilmSlots } from './film-difference.js';
import type { MapNode, ReadNodes, Slot } from './node.js';
import { NodeReader, type Side, type Sides } from './node-reader.js';
import { readDocuments } from './read-documents.js';
import { readStoryDifference } from './story-difference.js';
import { readFieldDifference } from './value-difference.js';

/**
 * What differs between two kept documents: `diffDocuments` of them, by a property test, but reading no more than it takes
 * to tell it.
 */
export async function diffTrees(read: ReadNodes, before: string, after: string): Promise<Change[]> {
  if (before === after) return [];
  const excerpts = await new Excerpts(new NodeReader(read)).read({ before: [0, before], after: [0, after] });
  if (excerpts) {
    const { before: had, after: has } = excerpts;
    return diffDocuments(had.document, has.document, { before: had.numbers, after: has.numbers });
  }
  const [was, is] = await readDocuments(read, [before, after]);
  return diffDocuments(was!, is!);
}

interface Excerpt {
  document: Document;
  numbers: ReadonlyMap<string, number>;
}

type Fields = ReadonlyMap<string, Slot>;

/** Puts together what has to be seen of two documents; nothing where one has not the shape that an editor makes. */
class Excerpts {
  constructor(private readonly reader: NodeReader) {}

  async read(roots: Sides<Slot>): Promise<Sides<Excerpt> | undefined> {
    const root = await this.tables(roots);
    const top = { before: await this.known(root.before, TOP), after: await this.known(root.after, TOP) };
    const state = await this.tables(at(top, 'editorState'));
    const within = { before: await this.known(state.before, STATE), after: await this.known(state.after, STATE) };
    const slots = { before: filmSlots(top.before, within.before), after: filmSlots(top.after, within.after) };
    if (!(await this.areTables(top, ['effects', 'editorState'])) || !(await this.areTables(within, TABLES)))
      return undefined;
    const film = await readFilmDifference(this.reader, slots);
    if (!film) return undefined;
    const story = await readStoryDifference(this.reader, within);
    const characters = await this.things(at(within, 'characters'));
    const others = await readFieldDifference(this.reader, root, TOP);
    const stateOthers = await readFieldDifference(this.reader, state, STATE);
    const excerpt = (side: Side): Excerpt => {
      const { numbers, editorData, effects, ...parts } = film[side];
      const inState = present({ ...parts, ...story[side], characters: characters[side] });
      const editorState = top[side].has('editorState') ? { ...stateOthers[side], ...inState } : undefined;
      return { document: { ...others[side], ...present({ editorData, effects, editorState }) }, numbers };
    };
    return { before: excerpt('before'), after: excerpt('after') };
  }

  private async tables({ before, after }: Sides<Slot | undefined>): Promise<Sides<MapNode | undefined>> {
    const [was, is] = await this.reader.tables([before, after]);
    return { before: was, after: is };
  }

  private known = (map: MapNode | undefined, names: readonly string[]): Promise<Fields> => this.reader.find(map, names);

  /** Whether nothing but objects stands in these fields. */
  private async areTables(fields: Sides<Fields>, names: readonly string[]): Promise<boolean> {
    const there = names.flatMap((name) => [fields.before.get(name), fields.after.get(name)]).filter((slot) => slot);
    return (await this.reader.tables(there)).every((table) => table !== undefined);
  }

  /** The things of a table that are not the same in both, each whole; `undefined` where there is no table. */
  private async things(slots: Sides<Slot | undefined>): Promise<Sides<Document | undefined>> {
    const differing = [...(await this.reader.difference(await this.tables(slots)))];
    const of = async (side: Side): Promise<Document | undefined> => {
      if (!slots[side]) return undefined;
      const there = differing.filter(([, each]) => each[side]);
      const values = await this.reader.values(there.map(([, each]) => each[side]));
      return Object.fromEntries(there.map(([id], nth) => [id, values[nth]]));
    };
    return { before: await of('before'), after: await of('after') };
  }
}

const TOP = ['editorData', 'effects', 'editorState'];
const TABLES = ['scenes', 'beats', 'characters', 'assets', 'clips', 'timelineItems'];
const STATE = [...TABLES, 'sceneOrder'];

const at = ({ before, after }: Sides<Fields>, name: string): Sides<Slot | undefined> => ({
  before: before.get(name),
  after: after.get(name),
});

const filmSlots = (top: Fields, state: Fields): FilmSlots => ({
  editorData: top.get('editorData'),
  effects: top.get('effects'),
  timelineItems: state.get('timelineItems'),
  clips: state.get('clips'),
  assets: state.get('assets'),
});

const present = (fields: object): Document =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
