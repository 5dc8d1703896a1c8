import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { deleteAsset, getAsset, keepOutput } from '#libs/contracts/media-assets';
import {
  describeLinks,
  holdMedia,
  lackMedia,
  type CarriedMedia as Carried,
  type LinkName,
} from '#libs/contracts/media-carrying';
import type { MissingMedia } from '#libs/contracts/projects-bundles';
import { mediaCarried } from '#libs/contracts/projects-media';
import { AppError } from '#libs/errors/app-error';
import { linksNamedIn } from '#libs/media/asset-link';
import { Broker } from '#libs/messaging/broker';
import { OBJECT_STORE, objectKey, type ObjectStore } from '#libs/storage/object-store';
import { announce } from '../audit/announce.js';
import { refusedBundle } from './bundle-limits.js';
import type { ReadBundle } from './read-bundle.js';

const AT_ONCE = 500;
const READY_WITHIN_MS = 200_000;
const LOOK_EVERY_MS = 500;

/** Bytes that lie aside, read and found to be what their hash says. */
export interface LaidAside {
  key: string;
  media: Content;
}
export type Content = Pick<Carried, 'sha256' | 'size' | 'name'>;

/** Media that go with the documents that name them; the media service knows them, the object store has their bytes. */
@Injectable()
export class CarriedMedia {
  constructor(
    private readonly broker: Broker,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** What stands behind the links that documents of a project carry. */
  async describe(caller: Caller, project_id: string, links: readonly LinkName[]): Promise<Carried[]> {
    const media: Carried[] = [];
    for (const some of batches(links))
      media.push(...(await this.broker.call(describeLinks, { project_id, links: some }, caller)).items);
    return media;
  }

  /** Those of the contents that the caller can read, in the project too if there is one, and their keys in the store. */
  async held(caller: Caller, project_id: string | null, hashes: readonly string[]): Promise<Map<string, string>> {
    const keys = new Map<string, string>();
    for (const some of batches([...new Set(hashes)]))
      for (const { sha256, key } of (await this.broker.call(holdMedia, { project_id, hashes: some }, caller)).items)
        keys.set(sha256, key);
    return keys;
  }

  /** What came into a project without its bytes before. */
  async lacking(caller: Caller, project_id: string): Promise<Carried[]> {
    return (await this.broker.call(lackMedia, { project_id }, caller)).items;
  }

  /**
   * Writes bytes where nobody looks, and refuses those that are not what they were said to be. `of` is the work they are
   * for: the same bytes for the same work lie in the same place, and become the same asset.
   */
  async layAside(of: string, media: Content, body: Readable): Promise<LaidAside> {
    const key = objectKey('tasks', 'carried', of, media.sha256);
    const hash = createHash('sha256');
    const hashing = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    body.on('error', (error) => hashing.destroy(error));
    const { size } = await this.store.put(key, body.pipe(hashing), { contentType: 'application/octet-stream' });
    if (size === media.size && hash.digest('hex') === media.sha256) return { key, media };
    await this.store.delete(key);
    throw refusedBundle(`the bytes of ${media.name} are not what their hash ${media.sha256} says`);
  }

  /** Makes what lies aside assets of the caller's, once the media service has read it too; gives their ids. */
  async keep(caller: Caller, laid: readonly LaidAside[]): Promise<string[]> {
    const ids: string[] = [];
    for (const { key, media } of laid) {
      const provenance = { carried: true };
      const wish = { request_key: key, key, name: media.name, project_id: null, provenance };
      let asset = await this.broker.call(keepOutput, wish, caller);
      ids.push(asset.id);
      const until = Date.now() + READY_WITHIN_MS;
      while (asset.state === 'processing') {
        if (Date.now() > until) throw new AppError('unavailable', `${media.name} is still being read. Try again.`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        asset = await this.broker.call(getAsset, { asset_id: asset.id }, caller);
      }
      if (asset.sha256 !== media.sha256)
        throw refusedBundle(`${media.name} cannot be kept: ${asset.problem ?? 'its bytes changed'}`);
    }
    return ids;
  }

  /** Takes assets back that were made for something that then did not come about. */
  async drop(caller: Caller, ids: readonly string[]): Promise<void> {
    for (const asset_id of ids) await this.broker.call(deleteAsset, { asset_id }, caller);
  }

  async throwAway(laid: readonly LaidAside[]): Promise<void> {
    if (laid.length > 0) await this.store.delete(laid.map(({ key }) => key));
  }

  /** Takes away all that was laid aside of a transfer or sync, also by a process that died over it. */
  async forget(of: string): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of this.store.list({ prefix: `${objectKey('tasks', 'carried', of)}/` })) keys.push(key);
    await this.store.delete(keys);
  }

  /** What the documents of a bundle name and nobody here can look at: content that is not here, and links of which nothing is known. */
  async missing(caller: Caller, bundle: ReadBundle, project_id: string | null): Promise<MissingMedia[]> {
    const { media } = bundle.manifest;
    const held = await this.held(
      caller,
      project_id,
      media.map(({ sha256 }) => sha256),
    );
    const told = new Map(media.map((one) => [nameOf(one), one]));
    const missing = new Map<string, MissingMedia>();
    for (const text of bundle.objects.values())
      for (const link of linksNamedIn(text)) {
        const one = told.get(nameOf(link));
        if (!one) missing.set(nameOf(link), { asset_id: link.asset_id, sha256: null, size: null, name: null });
        else if (!held.has(one.sha256)) {
          const { asset_id, sha256, size, name } = one;
          missing.set(nameOf(link), { asset_id, sha256, size, name });
        }
      }
    return [...missing.values()];
  }

  /** Lets the media service know, when the transaction is through, which links came into a project. */
  async tell(manager: EntityManager, caller: Caller, project_id: string, media: readonly Carried[]): Promise<void> {
    for (const some of batches(media))
      await announce(manager, mediaCarried, { project_id, owner_id: caller.user_id!, media: some });
  }
}

const nameOf = ({ asset_id, key }: LinkName): string => `${asset_id}/${key}`;

function batches<Item>(items: readonly Item[]): Item[][] {
  const found: Item[][] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) found.push(items.slice(at, at + AT_ONCE));
  return found;
}
