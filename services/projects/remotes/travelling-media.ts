import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { CarriedMedia as Carried } from '#libs/contracts/media-carrying';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, objectKey, type ObjectStore } from '#libs/storage/object-store';
import { CarriedMedia } from '../bundles/carried-media.js';
import { CloudClient } from './cloud-client.js';
import type { SyncSteps } from './syncs.js';

const AT_ONCE = 500;

/** Larger contents are fetched in pieces of this size, each kept as it arrives. */
const PIECE = 16 * 2 ** 20;

/** How the cloud answers for media whose bytes it has lost; anything else may be better tomorrow. */
const GONE_THERE = new Set([404, 410]);

/**
 * Media between here and the cloud: only contents that one side lacks travel, one after the other, and each is kept as soon
 * as it has arrived, so that whoever begins again goes on with the next, and a long one with its next piece.
 */
@Injectable()
export class TravellingMedia {
  constructor(
    private readonly carried: CarriedMedia,
    private readonly cloud: CloudClient,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /**
   * Fetches what the caller cannot read here yet; how many there were. What cannot be kept here stays missing, and so does
   * what the cloud has lost itself: it does not keep the rest from coming.
   */
  async bring(caller: Caller, token: string, { cloud_project_id, into, media, steps }: Bringing): Promise<number> {
    const wanted = byHash(media);
    for (const sha256 of (await this.carried.held(caller, into, [...wanted.keys()])).keys()) wanted.delete(sha256);
    const progress = bytesOf(steps, [...wanted.values()]);
    let count = steps.state.media ?? 0;
    for (const hashes of batches([...wanted.keys()]))
      for (const { sha256, url } of await this.cloud.wanted(token, cloud_project_id, hashes)) {
        const one = wanted.get(sha256);
        if (one && (await this.fetched(caller, one, { url, of: steps.id, isLast: steps.isLast, progress })))
          await steps.remember({ media: ++count });
      }
    return count;
  }

  /** Uploads what the cloud's project and its user lack; how many there were. What is lost here does not keep the rest from going. */
  async send(caller: Caller, token: string, { project_id, there, media, steps }: Sending): Promise<number> {
    const wanted = byHash(media);
    const keys = await this.carried.held(caller, project_id, [...wanted.keys()]);
    if (there !== null)
      for (const hashes of batches([...keys.keys()]))
        for (const { sha256 } of await this.cloud.wanted(token, there, hashes)) keys.delete(sha256);
    const progress = bytesOf(
      steps,
      [...keys.keys()].map((sha256) => wanted.get(sha256)!),
    );
    let count = steps.state.media ?? 0;
    for (const [sha256, key] of keys) {
      const { name, size } = wanted.get(sha256)!;
      let isLost = false;
      const read = (from: number, to: number) =>
        this.read(key, from, to).catch((thrown: unknown) => {
          isLost = AppError.from(thrown).code === 'not_found';
          throw thrown;
        });
      const before = steps.state.uploads?.[sha256];
      const begun = (id: string) => steps.remember({ uploads: { ...steps.state.uploads, [sha256]: id } });
      const went = await this.cloud
        .sendMedia(token, { name, size, sha256 }, { read, before, begun, sent: progress })
        .catch((thrown: unknown) => {
          if (!isLost) throw thrown;
          return false;
        });
      if (went) await steps.remember({ media: ++count });
    }
    return count;
  }

  private async fetched(caller: Caller, media: Carried, { url, of, isLast, progress }: Fetching): Promise<boolean> {
    const count = Math.max(1, Math.ceil(media.size / PIECE));
    const keys = Array.from({ length: count }, (_, at) => objectKey('tasks', 'carried', of, `${media.sha256}.${at}`));
    try {
      for (const [at, key] of keys.entries()) {
        const [from, to] = [at * PIECE, Math.min((at + 1) * PIECE, media.size)];
        if (count > 1 && (await this.store.head(key))?.size !== to - from)
          await this.store.put(key, await this.cloud.mediaAt(url, from, to));
        await progress(to - from);
      }
      const body = count > 1 ? Readable.from(this.joined(keys)) : await this.cloud.mediaAt(url, 0, media.size);
      const laid = await this.carried.layAside(of, media, body);
      if (count > 1) await this.store.delete(keys);
      await this.carried.keep(caller, [laid]);
      await this.carried.throwAway([laid]);
      return true;
    } catch (thrown) {
      const { code, details } = AppError.from(thrown);
      const isLost = GONE_THERE.has((details as { status?: number } | undefined)?.status ?? 0);
      if (code === 'invalid' || (isLost && isLast)) return false;
      throw thrown;
    }
  }

  private async *joined(keys: readonly string[]): AsyncGenerator<Buffer> {
    for (const key of keys) yield* (await this.store.get(key)).body as AsyncIterable<Buffer>;
  }

  private async read(key: string, from: number, to: number): Promise<Buffer> {
    if (to <= from) return Buffer.alloc(0);
    const { body } = await this.store.get(key, { range: { start: from, end: to - 1 } });
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }
}

interface Bringing {
  cloud_project_id: string;
  into: string | null;
  media: readonly Carried[];
  steps: SyncSteps;
}
interface Sending {
  project_id: string;
  there: string | null;
  media: readonly Carried[];
  steps: SyncSteps;
}

interface Fetching {
  url: string;
  of: string;
  isLast: boolean;
  progress: (bytes: number) => Promise<void>;
}

/** Tells how many of the bytes of some media have gone, as they go. */
function bytesOf(steps: SyncSteps, media: readonly Carried[]): (bytes: number) => Promise<void> {
  const total = media.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return (bytes) => steps.at('media', (done += bytes), total);
}

const byHash = (media: readonly Carried[]) => new Map(media.map((one) => [one.sha256, one]));

function batches<Item>(items: readonly Item[]): Item[][] {
  const found: Item[][] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) found.push(items.slice(at, at + AT_ONCE));
  return found;
}
