import { CommitHeap } from './commit-heap.js';
import { grown } from './grown.js';
import { HashList } from './hash-list.js';

/** A commit as the graph takes it in. */
export interface GraphCommit {
  id: string;
  parents: readonly string[];
  /** One more than the greatest of its parents', 1 without. */
  generation: number;
  author_id: string | null;
  asset_count: number;
}

/** What of the commits that a head can reach is counted: how many, and whose. */
export interface Tally {
  commits: number;
  assets: number;
  authors: Map<string | null, { commits: number; assets: number }>;
}

const ONE = 1;
const OTHER = 2;
const BOTH = ONE | OTHER;
const STALE = 4;

/**
 * The commits of a project in typed arrays, some 80 bytes each: who came from whom, how far from the beginning, by whom.
 * Only ever added to. No answer depends on a clock, nor on the order in which commits were added.
 */
export class PackedGraph {
  private readonly ids = new HashList();
  /** Two parents a commit, -1 for none; further ones of an octopus stand in `more`. */
  private parents = new Int32Array(128);
  private readonly more = new Map<number, number[]>();
  private generations = new Int32Array(64);
  private authors = new Int32Array(64);
  private assets = new Int32Array(64);
  private readonly authorIds: (string | null)[] = [];
  private readonly authorPlaces = new Map<string | null, number>();
  private flags = new Uint8Array(64);
  /** For walks: the first that waits of each generation and the one after each, as places from 1; and where a walk has been. */
  private waiting = new Int32Array(64);
  private next = new Int32Array(64);
  private touched = new Int32Array(64);
  private readonly tallies = new Map<string, Tally>();

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.find(id) >= 0;
  }

  /** Takes in commits, each after its parents; those that are there already are passed over. */
  add(commits: Iterable<GraphCommit>): void {
    for (const commit of commits) if (!this.has(commit.id)) this.addOne(commit);
  }

  parentsOf(id: string): string[] {
    return [...this.parentPlaces(this.place(id))].map((place) => this.ids.at(place));
  }

  generationOf(id: string): number {
    return this.generations[this.place(id)]!;
  }

  /** Whether `head` has `id` in its history; everything is in its own. */
  isIn(head: string, id: string): boolean {
    const wanted = this.place(id);
    const lowest = this.generations[wanted]!;
    let isFound = false;
    this.walk([this.place(head)], (place) => {
      isFound ||= place === wanted;
      return !isFound && this.generations[place]! > lowest;
    });
    return isFound;
  }

  /**
   * The best common ancestors of a commit and one of several others, as `git merge-base --all` gives them: common
   * ancestors that are not ancestors of another; the highest generation first, then by id. Costs what the histories do
   * not share.
   */
  mergeBases(one: string, ...others: string[]): string[] {
    const bases: number[] = [];
    const [first, rest] = [this.place(one), others.map((id) => this.place(id))];
    this.paint(first, rest, (place, flags) => {
      if ((flags & (BOTH | STALE)) === BOTH) {
        bases.push(place);
        return flags | STALE;
      }
      return flags;
    });
    bases.sort((one, other) => (this.isNewer(one, other) ? -1 : 1));
    return bases.map((place) => this.ids.at(place));
  }

  /** How many commits each of two has that the other has not; null has none. */
  aheadAndBehind(one: string | null, other: string | null): { ahead: number; behind: number } {
    let [ahead, behind] = [0, 0];
    if (one === null) return { ahead, behind: other === null ? 0 : this.tally([other]).commits };
    this.paint(this.place(one), other === null ? [] : [this.place(other)], (_place, flags) => {
      if (flags === ONE) ahead++;
      if (flags === OTHER) behind++;
      return flags === BOTH ? BOTH | STALE : flags;
    });
    return { ahead, behind };
  }

  /** The commits that one can reach and another cannot, each with its author. */
  onlyIn(one: string, other: string | null): { id: string; author_id: string | null }[] {
    const found: number[] = [];
    this.paint(this.place(one), other === null ? [] : [this.place(other)], (place, flags) => {
      if (flags === ONE) found.push(place);
      return flags === BOTH ? BOTH | STALE : flags;
    });
    return found.map((place) => ({ id: this.ids.at(place), author_id: this.authorIds[this.authors[place]!]! }));
  }

  /** What any of the heads can reach, each commit before its parents, the highest generation first, then by id. */
  *newestFirst(heads: readonly string[]): Generator<string> {
    const open = new CommitHeap(this.isNewer);
    const seen = new Set<number>();
    const see = (place: number) => {
      if (seen.has(place)) return;
      seen.add(place);
      open.push(place);
    };
    for (const head of heads) see(this.place(head));
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      yield this.ids.at(place);
      for (const parent of this.parentPlaces(place)) see(parent);
    }
  }

  /** Those of the given commits that somebody made; without an author, all of them. */
  *by(author: string | undefined, ids: Iterable<string>): Generator<string> {
    const wanted = author === undefined ? undefined : this.authorPlaces.get(author);
    if (author !== undefined && wanted === undefined) return;
    for (const id of ids) if (author === undefined || this.authors[this.place(id)] === wanted) yield id;
  }

  /** What the heads can reach, counted; remembered for single heads. */
  tally(heads: readonly string[]): Tally {
    const key = heads.length === 1 ? heads[0]! : null;
    const known = key === null ? undefined : this.tallies.get(key);
    if (known) return known;
    const sums = new Map<number, { commits: number; assets: number }>();
    this.walk(
      heads.map((head) => this.place(head)),
      (place) => {
        const author = this.authors[place]!;
        let sum = sums.get(author);
        if (!sum) sums.set(author, (sum = { commits: 0, assets: 0 }));
        sum.commits++;
        sum.assets += this.assets[place]!;
        return true;
      },
    );
    const authors = new Map([...sums].map(([author, sum]) => [this.authorIds[author]!, sum]));
    const tally = { commits: 0, assets: 0, authors };
    for (const { commits, assets } of sums.values()) {
      tally.commits += commits;
      tally.assets += assets;
    }
    if (key !== null) {
      if (this.tallies.size >= MOST_TALLIES) this.tallies.clear();
      this.tallies.set(key, tally);
    }
    return tally;
  }

  private addOne({ id, parents, generation, author_id, asset_count }: GraphCommit): void {
    const places = parents.map((parent) => this.place(parent));
    const place = this.ids.add(id);
    const numbers = (length: number) => new Int32Array(length);
    this.parents = grown(this.parents, 2 * place + 2, numbers);
    this.generations = grown(this.generations, place + 1, numbers);
    this.authors = grown(this.authors, place + 1, numbers);
    this.assets = grown(this.assets, place + 1, numbers);
    this.waiting = grown(this.waiting, generation + 1, numbers);
    this.next = grown(this.next, place + 1, numbers);
    this.touched = grown(this.touched, place + 1, numbers);
    this.flags = grown(this.flags, place + 1, (length) => new Uint8Array(length));
    this.parents[2 * place] = places[0] ?? -1;
    this.parents[2 * place + 1] = places[1] ?? -1;
    if (places.length > 2) this.more.set(place, places.slice(2));
    this.generations[place] = generation;
    this.authors[place] = this.authorPlace(author_id);
    this.assets[place] = asset_count;
  }

  private authorPlace(author: string | null): number {
    const known = this.authorPlaces.get(author);
    if (known !== undefined) return known;
    this.authorPlaces.set(author, this.authorIds.length);
    return this.authorIds.push(author) - 1;
  }

  private place(id: string): number {
    const place = this.ids.find(id);
    if (place < 0) throw new RangeError(`Commit ${id} is not in the graph.`);
    return place;
  }

  private *parentPlaces(place: number): Generator<number> {
    const [first, second] = [this.parents[2 * place]!, this.parents[2 * place + 1]!];
    if (first >= 0) yield first;
    if (second >= 0) yield second;
    const more = second >= 0 ? this.more.get(place) : undefined;
    if (more) yield* more;
  }

  private readonly isNewer = (one: number, other: number): boolean => {
    const difference = this.generations[one]! - this.generations[other]!;
    return difference !== 0 ? difference > 0 : this.ids.compare(one, other) < 0;
  };

  /** Visits everything that can be reached, once each, in no order; a visit says whether to go on to the parents. */
  private walk(heads: readonly number[], visit: (place: number) => boolean): void {
    const { flags, parents } = this;
    const touched: number[] = [];
    const open: number[] = [];
    const see = (place: number) => {
      if (place < 0 || flags[place] !== 0) return;
      flags[place] = ONE;
      touched.push(place);
      open.push(place);
    };
    heads.forEach(see);
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (!visit(place)) continue;
      see(parents[2 * place]!);
      see(parents[2 * place + 1]!);
      if (this.more.size > 0) this.more.get(place)?.forEach(see);
    }
    for (const place of touched) flags[place] = 0;
  }

  /**
   * Goes down from both sides, each commit after all that came from it, and says of each from which sides it was reached;
   * a visit may add STALE, and ends when only stale commits are left. (The walk of git's paint_down_to_common; that it goes
   * by generation makes its first answer the exact one.) What waits stands in a list for each generation, so that nothing
   * is ever sorted: commits of one generation are never ancestors of each other.
   */
  private paint(one: number, others: readonly number[], visit: (place: number, flags: number) => number): void {
    const { flags, parents, generations, waiting, next, touched, more } = this;
    let [lively, count, top] = [0, 0, 0];
    const mark = (place: number, with_: number) => {
      const before = flags[place]!;
      const after = before | with_;
      if (after === before) return;
      flags[place] = after;
      if (before === 0) {
        const generation = generations[place]!;
        touched[count++] = place;
        next[place] = waiting[generation]!;
        waiting[generation] = place + 1;
        if (generation > top) top = generation;
        if (after < STALE) lively++;
      } else if (before < STALE && after >= STALE) lively--;
    };
    mark(one, ONE);
    for (const other of others) mark(other, OTHER);
    while (lively > 0) {
      while (waiting[top] === 0) top--;
      const place = waiting[top]! - 1;
      waiting[top] = next[place]!;
      const found = flags[place]!;
      if (found < STALE) lively--;
      const passed = visit(place, found);
      const [first, second] = [parents[2 * place]!, parents[2 * place + 1]!];
      if (first < 0) continue;
      mark(first, passed);
      if (second < 0) continue;
      mark(second, passed);
      if (more.size > 0) for (const parent of more.get(place) ?? []) mark(parent, passed);
    }
    for (let at = 0; at < count; at++) {
      const place = touched[at]!;
      flags[place] = 0;
      waiting[generations[place]!] = 0;
    }
  }
}

const MOST_TALLIES = 256;
