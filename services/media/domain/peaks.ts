const MOST_POINTS = 4000;

/** Takes 16-bit mono samples as they come and keeps the loudest of each stretch, as a wave is drawn. */
export class Peaks {
  private readonly peaks: number[] = [];
  private loudest = 0;
  private counted = 0;
  private odd: Buffer = Buffer.alloc(0);

  constructor(private readonly samplesPerPeak: number) {}

  add(chunk: Buffer): void {
    const bytes = this.odd.length > 0 ? Buffer.concat([this.odd, chunk]) : chunk;
    const whole = bytes.length - (bytes.length % 2);
    for (let at = 0; at < whole; at += 2) {
      this.loudest = Math.max(this.loudest, Math.abs(bytes.readInt16LE(at)));
      if (++this.counted === this.samplesPerPeak) this.close();
    }
    this.odd = Buffer.from(bytes.subarray(whole));
  }

  /** At most four thousand points from 0 to 255, and for how many samples each stands. */
  done(): { peaks: number[]; samples_per_peak: number } {
    if (this.counted > 0) this.close();
    const together = Math.max(1, Math.ceil(this.peaks.length / MOST_POINTS));
    const peaks: number[] = [];
    for (let at = 0; at < this.peaks.length; at += together)
      peaks.push(Math.max(...this.peaks.slice(at, at + together)));
    return { peaks, samples_per_peak: this.samplesPerPeak * together };
  }

  private close(): void {
    this.peaks.push(Math.round((this.loudest / 32768) * 255));
    this.loudest = 0;
    this.counted = 0;
  }
}
