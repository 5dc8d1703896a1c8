const MOST_SENTENCES = 1000;

/** What a format cannot carry, in plain sentences, each said once with the number of times it came up. */
export class Losses {
  private readonly counts = new Map<string, number>();
  private more = 0;

  add(sentence: string, times = 1): void {
    const count = this.counts.get(sentence);
    if (count === undefined && this.counts.size >= MOST_SENTENCES) this.more += times;
    else this.counts.set(sentence, (count ?? 0) + times);
  }

  get sentences(): string[] {
    const said = [...this.counts].map(([sentence, count]) => (count === 1 ? sentence : `${sentence} (${count} times)`));
    return this.more === 0 ? said : [...said, `There is more of the kind that is not listed (${this.more} times).`];
  }
}
