/** What a heap orders: by its key, and it carries its own place so that it can be moved in O(log n). */
export interface Heaped {
  key: number;
  place: number;
}

/** A binary heap of things with the smallest key first; a thing is in one heap at a time. */
export class TimeHeap<Item extends Heaped> {
  private readonly items: Item[] = [];

  get size(): number {
    return this.items.length;
  }

  peek(): Item | undefined {
    return this.items[0];
  }

  /** Puts an item in, or moves it to where its new key belongs. */
  put(item: Item, key: number): void {
    item.key = key;
    if (item.place < 0) {
      item.place = this.items.length;
      this.items.push(item);
    }
    this.down(this.up(item.place));
  }

  remove(item: Item): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.items.pop()!;
    if (last === item) return;
    this.items[place] = last;
    last.place = place;
    this.down(this.up(place));
  }

  pop(): Item | undefined {
    const first = this.items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** The items in no order, the first few of them among the smallest. */
  some(count: number): readonly Item[] {
    return this.items.slice(0, count);
  }

  private up(start: number): number {
    const { items } = this;
    const item = items[start]!;
    let place = start;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = items[above]!;
      if (parent.key <= item.key) break;
      items[place] = parent;
      parent.place = place;
      place = above;
    }
    items[place] = item;
    item.place = place;
    return place;
  }

  private down(start: number): void {
    const { items } = this;
    const item = items[start]!;
    let place = start;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && items[below + 1]!.key < items[below]!.key) below++;
      const child = items[below]!;
      if (child.key >= item.key) break;
      items[place] = child;
      child.place = place;
      place = below;
    }
    items[place] = item;
    item.place = place;
  }
}
