import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { CarriedMedia as Carried } from '#libs/contracts/media-carrying';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { CarriedMedia } from '../bundles/carried-media.js';
import { CloudClient } from './cloud-client.js';

const AT_ONCE = 500;

/**
 * Media between here and the cloud: only contents that one side lacks travel, one after the other, and each is kept as soon
 * as it has arrived, so that whoever begins again goes on with the next.
 */
@Injectable()
export class TravellingMedia {
  constructor(
    private readonly carried: CarriedMedia,
    private readonly cloud: CloudClient,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** Fetches what the caller cannot read here yet; how many there were. What cannot be kept here stays missing. */
  async bring(caller: Caller, token: string, { cloud_project_id, into, media }: Bringing): Promise<number> {
    const wanted = byHash(media);
    for (const sha256 of (await this.carried.held(caller, into, [...wanted.keys()])).keys()) wanted.delete(sha256);
    let count = 0;
    for (const hashes of batches([...wanted.keys()]))
      for (const { sha256, url } of await this.cloud.wanted(token, cloud_project_id, hashes)) {
        const one = wanted.get(sha256);
        if (one && (await this.fetched(caller, one, url))) count++;
      }
    return count;
  }

  /** Uploads what the cloud's project and its user lack; how many there were. */
  async send(caller: Caller, token: string, { project_id, there, media }: Sending): Promise<number> {
    const wanted = byHash(media);
    const keys = await this.carried.held(caller, project_id, [...wanted.keys()]);
    if (there !== null)
      for (const hashes of batches([...keys.keys()]))
        for (const { sha256 } of await this.cloud.wanted(token, there, hashes)) keys.delete(sha256);
    let count = 0;
    for (const [sha256, key] of keys) {
      const { name, size } = wanted.get(sha256)!;
      if (await this.cloud.sendMedia(token, { name, size, sha256 }, (from, to) => this.read(key, from, to))) count++;
    }
    return count;
  }

  private async fetched(caller: Caller, media: Carried, url: string): Promise<boolean> {
    try {
      const laid = await this.carried.layAside(media, await this.cloud.mediaAt(url, media.size));
      await this.carried.keep(caller, [laid]);
      return true;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'invalid') return false;
      throw thrown;
    }
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
}
interface Sending {
  project_id: string;
  there: string | null;
  media: readonly Carried[];
}

const byHash = (media: readonly Carried[]) => new Map(media.map((one) => [one.sha256, one]));

function batches<Item>(items: readonly Item[]): Item[][] {
  const found: Item[][] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) found.push(items.slice(at, at + AT_ONCE));
  return found;
}
