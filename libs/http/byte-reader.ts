/** Reads a stream piece by piece, and holds no more of it than it was asked to look for. */
export class ByteReader {
  /** How many bytes it has given or passed over, those that it began with too. */
  taken = 0;
  private readonly source: AsyncIterator<Buffer>;

  constructor(
    source: AsyncIterable<Buffer>,
    private held: Buffer = Buffer.alloc(0),
  ) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** What stands before the next `mark`, which is passed over; undefined when it does not come within `most` bytes. */
  async until(mark: Buffer, most: number): Promise<Buffer | undefined> {
    for (;;) {
      const at = this.held.indexOf(mark);
      if (at >= 0) return this.take(at + mark.length).subarray(0, at);
      if (this.held.length > most || !(await this.more())) return undefined;
    }
  }

  /** The next bytes, at least one and `most` at most; undefined at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    if (this.held.length === 0 && !(await this.more())) return undefined;
    return this.take(Math.min(most, this.held.length));
  }

  /** All that is left, or so many bytes of it that `enough` is reached. */
  async rest(enough: number): Promise<Buffer> {
    while (this.held.length < enough && (await this.more()));
    return this.take(this.held.length);
  }

  private take(count: number): Buffer {
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    this.taken += count;
    return taken;
  }

  private async more(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.source.next();
      if (done === true) return false;
      if (value.length === 0) continue;
      this.held = this.held.length === 0 ? value : Buffer.concat([this.held, value]);
      return true;
    }
  }
}
