import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { deltaFiles } from '#libs/snapshot/build/deltas';
import type { LayAnswer, LayQuestion } from '#libs/snapshot/build/lay-aside';
import { anchorsOf } from '#libs/snapshot/delta-bases';
import type { Manifest, SnapshotFile } from '#libs/snapshot/documents';
import { Thread } from '#libs/threads/thread';
import { SnapshotStore } from './snapshot-store.js';

const LOCK = 5_201_117;
/** So many entries the deltas that are laid after an hour may have: at the pace of one work in 500 of a million names an anchor gets nine days of versions. */
const MOST_ENTRIES = 12_000_000;
/** So many at a time: then they are written. */
const AT_ONCE = 3_000_000;
/** An anchor is one for half a day; a pointer that leads to it is good for two more. */
const KEPT_MS = 3 * 86_400_000;

/**
 * Lays deltas to the anchors, in the background and spread over the hours, so that from any version the newest is two deltas away: one to an
 * anchor, which is laid here, and one from there, which is made when the newest is published. The next manifest tells of them.
 */
@Injectable()
export class Laying {
  constructor(
    private readonly database: DataSource,
    private readonly store: SnapshotStore,
  ) {}

  /** The share of one hour; one replica at a time. */
  async lay(manifest: Manifest, now: Date, signal: AbortSignal): Promise<void> {
    const runner = this.database.createQueryRunner();
    const thread = new Thread<LayQuestion, LayAnswer>({
      module: 'libs/snapshot/build/lay-thread.js',
      timeLimitMs: 600_000,
      tooLong: 'Deltas for those who are far behind take too long.',
    });
    const stop = () => void thread.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const [{ mine }] = (await runner.query('select pg_try_advisory_lock($1) as mine', [LOCK])) as unknown as [
        { mine: boolean },
      ];
      if (!mine) return;
      try {
        let left = MOST_ENTRIES;
        for (const file of manifest.files)
          if (left > 0 && file.deltas.length > 0)
            left -= await this.layTo(file, { thread, now, most: left, seq: manifest.seq });
      } finally {
        await runner.query('select pg_advisory_unlock($1)', [LOCK]);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await thread.close();
      await runner.release();
    }
  }

  private async layTo(file: SnapshotFile, by: Share): Promise<number> {
    const steps = await this.store.packedSteps(file.kind);
    const open = anchorsOf(steps, by.now)
      .map((anchor) => steps.find(({ version }) => version === anchor)!)
      .filter(({ version, since }) => (since ?? version) > steps[0]!.version);
    const held = open.length > 0 ? await this.store.held(file.kind, file) : undefined;
    if (!held) return 0;
    const map = await held.whole.file();
    const sizes = { bytes: file.bytes, gzBytes: file.gz_bytes };
    let entries = 0;
    for (const step of open)
      for (let isMore = true; isMore && entries < by.most;) {
        const most = Math.min(AT_ONCE, by.most - entries);
        const laid = await by.thread.ask({ map, steps, to: step.version, sizes, most });
        await this.keep(file, step.version, laid, by);
        entries += laid.entries;
        step.since = laid.deltas.at(-1)?.from ?? step.since ?? null;
        isMore = laid.deltas.length > 0 && step.since! > steps[0]!.version;
      }
    return entries;
  }

  private async keep({ kind }: SnapshotFile, to: number, { deltas }: LayAnswer, { now, seq }: Share): Promise<void> {
    if (deltas.length === 0) return;
    const until = new Date(now.getTime() + KEPT_MS);
    const files = deltas.flatMap(({ br, gz, ...one }) =>
      deltaFiles(kind, { ...one, br: Buffer.from(br), gz: Buffer.from(gz) }).map((made) => ({ ...made, until })),
    );
    await this.store.write(files, seq);
    await this.store.laid(kind, to, deltas.at(-1)!.from);
  }
}

interface Share {
  thread: Thread<LayQuestion, LayAnswer>;
  now: Date;
  most: number;
  seq: number;
}
