import { isDocument } from '../document.js';
import { fraction, greater, isLess, lesser, minus, plus, toMillionths, ZERO, type Fraction } from './fraction.js';
import type { LossPlace, LossValues } from './losses/loss.js';
import type { LossCode } from './losses/loss-codes.js';
import { timeOf } from './losses/loss-places.js';
import { Losses } from './losses/losses.js';
import { mediaOf } from './otio-media.js';
import type { OtioNode, Range } from './otio-node.js';
import type { Row } from './shot.js';

/** A clip of the file where it is seen or heard in the film, all times in exact seconds. */
export interface LaidClip {
  node: OtioNode;
  row: Row;
  scene: string;
  start: Fraction;
  duration: Fraction;
  sourceStart: Fraction;
  /** The rate that the clip is counted in. */
  rate: Fraction;
  isOff: boolean;
}

/** Everything in the file by its place in the film, rows from the bottom up, and what has no place here. */
export function layOut(root: OtioNode): { rows: Row[]; clips: LaidClip[]; losses: Losses } {
  const layout = new Layout();
  layout.film(root);
  return { rows: layout.rows, clips: layout.clips, losses: layout.losses };
}

/** Where a node goes: `at` is when it starts, `from` and `to` what of the film it may fill. */
interface Slot {
  at: Fraction;
  from: Fraction;
  to: Fraction;
  row: Row;
  scene: string;
  isOff: boolean;
}

type RowFor = (kind: Row['kind'], nth: number, layer: OtioNode) => Row;

/** Exact sums over ever more rates grow without end; no film has more than a few. */
const MOST_RATES = 64;
const MOST_CLIPS = 100_000;
const USUAL_RATE = fraction(24n);
const KINDS = ['SerializableCollection', 'Timeline', 'Stack', 'Track', 'Clip', 'Gap'];

class Layout {
  readonly rows: Row[] = [];
  readonly clips: LaidClip[] = [];
  readonly losses = new Losses();
  private readonly ranges = new Map<OtioNode, Range>();
  private readonly children = new Map<OtioNode, OtioNode[]>();
  private readonly rates = new Set<string>();
  private readonly nestedRows = new Map<Row, Row[]>();

  film(root: OtioNode): void {
    if (!KINDS.includes(root.schema)) throw root.complain(`is none of ${KINDS.join(', ')}`);
    const timelines = root.schema === 'SerializableCollection' ? this.childrenOf(root) : [root];
    if (timelines.length === 0) throw root.complain('holds no timeline');
    if (timelines.length > 1) this.losses.add('several_films', { values: { films: timelines.length } });
    let at = ZERO;
    for (const timeline of timelines) at = this.timeline(timeline, at);
  }

  /** Lays out one timeline from `at` on, and tells when it ends. */
  private timeline(timeline: OtioNode, at: Fraction): Fraction {
    const tracks = timeline.schema === 'Timeline' ? this.childrenOf(timeline)[0]! : timeline;
    if (tracks !== timeline) {
      const start = timeline.time('global_start_time')?.seconds ?? ZERO;
      if (start.n !== 0n) this.lose('film_start', timeline, { values: { start: inSeconds(start) } });
      this.loseExtras(timeline);
    }
    const to = plus(at, this.rangeOf(tracks).duration);
    const slot = { at, from: at, to, scene: timeline.name || tracks.name || 'Scene 1', isOff: false };
    if (tracks.schema === 'Stack')
      this.layers(tracks, slot, 'video', (kind, nth, layer) => this.topRow(kind, nth, layer));
    else this.place(tracks, { ...slot, row: this.topRow(this.kindOf(tracks) ?? 'video', 0, tracks) });
    return to;
  }

  private place(node: OtioNode, slot: Slot): void {
    switch (node.schema) {
      case 'Clip':
        return this.clip(node, slot);
      case 'Gap':
        return this.loseExtras(node, slot);
      case 'Track':
        return this.track(node, slot);
      case 'Stack':
        return this.stack(node, slot);
      case 'Timeline':
        return this.place(this.childrenOf(node)[0]!, { ...slot, scene: node.name || slot.scene });
      default:
        return this.lose('unknown_kind', node, { slot });
    }
  }

  private track(track: OtioNode, slot: Slot): void {
    this.loseExtras(track, slot);
    const inner = this.inside(track, slot);
    const children = this.childrenOf(track);
    let at = inner.at;
    children.forEach((child, index) => {
      if (child.schema === 'Transition')
        return this.loseTransition(
          child,
          { ...inner, at },
          { before: children[index - 1], after: children[index + 1] },
        );
      this.place(child, { ...inner, at });
      at = plus(at, this.rangeOf(child).duration);
    });
  }

  /** The first layer of a kind goes where the stack stands, each further one onto a row of its own. */
  private stack(stack: OtioNode, slot: Slot): void {
    const { row } = slot;
    this.layers(stack, { ...slot, scene: stack.name || slot.scene }, row.kind, (kind, nth) =>
      kind === row.kind && nth === 0 ? row : this.nestedRow(row, kind, nth),
    );
  }

  private layers(stack: OtioNode, slot: Omit<Slot, 'row'>, usual: Row['kind'], rowFor: RowFor): void {
    this.loseExtras(stack, slot);
    const layers = this.childrenOf(stack);
    if (layers.length === 0) this.lose('empty_stack', stack, { slot });
    const inner = this.inside(stack, slot);
    const taken = new Map<Row['kind'], number>();
    for (const layer of layers) {
      const kind = this.kindOf(layer) ?? usual;
      const nth = taken.get(kind) ?? 0;
      taken.set(kind, nth + 1);
      this.place(layer, { ...inner, row: rowFor(kind, nth, layer) });
    }
  }

  /** The slot of what a composition contains: it begins with the part of it that its source range shows. */
  private inside<S extends Omit<Slot, 'row'>>(node: OtioNode, slot: S): S {
    const { start, duration } = this.rangeOf(node);
    return {
      ...slot,
      at: minus(slot.at, start),
      from: greater(slot.from, slot.at),
      to: lesser(slot.to, plus(slot.at, duration)),
      isOff: slot.isOff || node.isOff('enabled'),
    };
  }

  private clip(node: OtioNode, slot: Slot): void {
    const range = this.rangeOf(node);
    const start = greater(slot.at, slot.from);
    const end = lesser(plus(slot.at, range.duration), slot.to);
    if (!isLess(start, end)) {
      return this.lose(range.duration.n === 0n ? 'no_length' : 'out_of_sight', node, { slot });
    }
    this.loseExtras(node, slot);
    if (this.clips.length >= MOST_CLIPS) throw node.complain(`is one of more than ${MOST_CLIPS} clips`);
    this.clips.push({
      node,
      row: slot.row,
      scene: slot.scene,
      start,
      duration: minus(end, start),
      sourceStart: plus(range.start, minus(start, slot.at)),
      rate: range.rate,
      isOff: slot.isOff || node.isOff('enabled'),
    });
  }

  /** What of a node is shown: its source range, or all of it. */
  private rangeOf(node: OtioNode): Range {
    const known = this.ranges.get(node);
    if (known) return known;
    const range = this.readRange(node);
    this.ranges.set(node, range);
    this.rates.add(`${range.rate.n}/${range.rate.d}`);
    if (this.rates.size > MOST_RATES)
      throw node.complain(`is the first of more than ${MOST_RATES} different frame rates`);
    return range;
  }

  private readRange(node: OtioNode): Range {
    const chosen = node.range('source_range');
    if (node.schema === 'Clip' || node.schema === 'Gap') {
      return (
        chosen ??
        mediaOf(node)?.range('available_range') ??
        fail(node, 'has neither a source_range nor media of a known length')
      );
    }
    const whole = this.wholeOf(node);
    if (!chosen) return whole;
    const isSeen = isLess(chosen.start, whole.duration) && isLess(ZERO, plus(chosen.start, chosen.duration));
    if (isSeen || whole.duration.n === 0n) return chosen;
    this.lose('range_ignored', node);
    return whole;
  }

  private wholeOf(node: OtioNode): Range {
    if (node.schema === 'Timeline') return this.rangeOf(this.childrenOf(node)[0]!);
    const parts = this.childrenOf(node).filter((child) => child.schema !== 'Transition');
    const ranges = node.schema === 'Track' || node.schema === 'Stack' ? parts.map((child) => this.rangeOf(child)) : [];
    const join = node.schema === 'Track' ? plus : greater;
    const duration = ranges.reduce((sum, range) => join(sum, range.duration), ZERO);
    return { start: ZERO, duration, rate: ranges[0]?.rate ?? USUAL_RATE };
  }

  private childrenOf(node: OtioNode): OtioNode[] {
    const known = this.children.get(node);
    if (known) return known;
    const isTimeline = node.schema === 'Timeline';
    const children = isTimeline ? [node.node('tracks') ?? fail(node, 'has no tracks')] : node.nodes('children');
    this.children.set(node, children);
    return children;
  }

  private kindOf(layer: OtioNode): Row['kind'] | undefined {
    const kind = layer.schema === 'Track' ? (layer.text('kind') ?? 'Video') : undefined;
    if (kind !== undefined && kind !== 'Video' && kind !== 'Audio') {
      this.lose('track_kind', layer, { values: { track_kind: kind } });
    }
    return kind === undefined ? undefined : kind === 'Audio' ? 'audio' : 'video';
  }

  /** The row that a track was written from, or else the nth of its kind, which timelines that follow one another share. */
  private topRow(kind: Row['kind'], nth: number, { name, notes }: OtioNode): Row {
    const id = typeof notes.id === 'string' ? notes.id : undefined;
    const nested = new Set([...this.nestedRows.values()].flat());
    const own = this.rows.filter((row) => row.kind === kind && !nested.has(row));
    const known = own.find((row) => id !== undefined && row.id === id) ?? own[nth];
    if (known) return known;
    const row: Row = {
      kind,
      name: name || `${kind === 'audio' ? 'A' : 'V'}${nth + 1}`,
      ...(id !== undefined && { id }),
    };
    return this.add(row, this.rows.length);
  }

  private nestedRow(under: Row, kind: Row['kind'], nth: number): Row {
    const rows = this.nestedRows.get(under) ?? [];
    this.nestedRows.set(under, rows);
    const name = `${under.name} · ${kind} ${nth + 1}`;
    const known = rows.find((row) => row.name === name);
    if (known) return known;
    const row = this.add({ kind, name }, this.rows.indexOf(rows.at(-1) ?? under) + 1);
    rows.push(row);
    return row;
  }

  private add(row: Row, at: number): Row {
    this.rows.splice(at, 0, row);
    return row;
  }

  private lose(code: LossCode, node: OtioNode, { slot, values = {}, own }: Told = {}): void {
    const place = { ...placeOfNode(node), ...(slot && this.whereOf(slot, node)), ...(own && { values: own }) };
    this.losses.add(code, { place, values });
  }

  private whereOf({ row, at, from }: Partial<Slot> & Pick<Slot, 'at' | 'from'>, node: OtioNode): Partial<LossPlace> {
    const rate = this.ranges.get(node)?.rate ?? USUAL_RATE;
    return { ...(row && { row: row.name }), ...timeOf(greater(at, from), [rate]) };
  }

  private loseTransition(
    node: OtioNode,
    slot: Slot,
    { before, after }: Record<'before' | 'after', OtioNode | undefined>,
  ): void {
    const length = [node.time('in_offset'), node.time('out_offset')].reduce(
      (sum, offset) => plus(sum, offset?.seconds ?? ZERO),
      ZERO,
    );
    const transition = (node.text('transition_type') ?? '').replace(/^SMPTE_Dissolve$/, 'dissolve');
    const own = { seconds: toMillionths(length), before: before?.name ?? '', after: after?.name ?? '' };
    this.lose('transition', node, { slot, own, values: transition === '' ? {} : { transition } });
  }

  /** What hangs on a node and the editor has no place for. */
  private loseExtras(node: OtioNode, slot?: Omit<Slot, 'row'> & { row?: Row }): void {
    for (const effect of node.nodes('effects')) {
      const speed = effect.schema === 'FreezeFrame' ? 0 : effect.number('time_scalar');
      const what = effect.text('effect_name') || effect.name || effect.schema;
      if (speed === undefined) this.lose('effect', node, { slot, values: { effect: what } });
      else this.lose('speed', node, { slot, own: { speed } });
    }
    for (const marker of node.nodes('markers')) {
      const at = marker.range('marked_range');
      const into = at ? minus(at.start, this.rangeOf(node).start) : ZERO;
      const own = { text: marker.name, ...(at && { seconds: toMillionths(into) }) };
      this.lose('marker', node, { slot: slot && { ...slot, at: plus(slot.at, into) }, own });
    }
    const foreign = Object.keys(node.metadata).filter((key) => key !== 'evidverse');
    if (foreign.length > 0) this.lose('foreign_notes', node, { values: { programs: foreign.sort().join(', ') } });
  }
}

/** More about a loss: where it goes in the film, what is true of all of its kind, and what of this one alone. */
interface Told {
  slot?: (Omit<Slot, 'row'> & { row?: Row }) | undefined;
  values?: LossValues;
  own?: LossValues;
}

/** A thing of the file as the place of a loss. */
export function placeOfNode(node: OtioNode): LossPlace {
  const { ids } = node.notes;
  const id = isDocument(ids) ? ids.timeline_item : undefined;
  return {
    kind: 'item',
    ...(typeof id === 'string' && { id }),
    name: node.name,
    element: node.schema,
    path: node.path,
  };
}

const inSeconds = (time: Fraction): string => `${toMillionths(time)} s`;

function fail(node: OtioNode, problem: string): never {
  throw node.complain(problem);
}
