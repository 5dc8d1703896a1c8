import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import { followLink } from '#libs/contracts/media';
import { keepOutput, locateAsset, type Asset } from '#libs/contracts/media-assets';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { Outbound } from '#libs/outbound/outbound';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import type { TasksConfig } from '../config.js';
import type { TaskRun } from '../engine/task-handler.js';

/** A file that a task has made, and what its asset is to say of it. */
export interface Output {
  path: string;
  name: string;
  contentType: string;
  project_id?: string | null;
  commit_id?: string | null;
  provenance?: Record<string, unknown>;
}

const MOST_BYTES = 8 * 1024 ** 3;
const TIME_LIMIT_MS = 15 * 60_000;
const LINK = /\/media\/([0-9a-f-]{36})\/([^/?#]+)\/([^/?#]+)/;

/** Brings the media that people name to where a task works, and its outputs to where people can see them. */
@Injectable()
export class Assets {
  constructor(
    private readonly broker: Broker,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly outbound: Outbound,
    @Inject(CONFIG) private readonly config: TasksConfig,
  ) {}

  /** Makes an asset of a file. However often a task is tried, it makes one asset of each name. */
  async keep(run: TaskRun, output: Output): Promise<Asset> {
    const key = run.outputKey(output.name);
    await this.store.put(key, createReadStream(output.path), { contentType: output.contentType });
    run.signal.throwIfAborted();
    return this.broker.call(
      keepOutput,
      {
        request_key: `${run.task.id}/${output.name}`,
        key,
        name: output.name,
        project_id: output.project_id ?? run.task.project_id,
        commit_id: output.commit_id ?? null,
        provenance: { task_id: run.task.id, ...output.provenance },
      },
      run.caller,
    );
  }

  /**
   * Writes what is at an address into a file: an asset, or something out in the world. An asset is there for whoever may
   * read it, when they named it themselves; in words of others (`in_project`: of that project) only if it is the project's
   * own, or public, or its link is good, lest somebody names what only the one who reads him can see.
   */
  async fetch(run: TaskRun, url: string, path: string, words: { in_project?: string | null } = {}): Promise<void> {
    const body = await this.open(run, url, words.in_project);
    await pipeline(body, run.room.filling(), createWriteStream(path), { signal: run.signal });
    if ((await stat(path)).size === 0) throw new AppError('invalid', `There is nothing at ${shortened(url)}.`);
  }

  private async open({ caller, signal }: TaskRun, url: string, in_project?: string | null): Promise<Readable> {
    const link = this.ownLink(url);
    if (link) return this.openOwn(caller, link, in_project);
    const answer = await this.outbound.open(url, {
      redirects: 5,
      maxBytes: MOST_BYTES,
      timeoutMs: TIME_LIMIT_MS,
      signal,
    });
    if (answer.status === 200) return answer.body;
    answer.body.destroy();
    throw new AppError(
      answer.status >= 500 || answer.status === 429 ? 'unavailable' : 'invalid',
      `${shortened(url)} answers with ${answer.status}.`,
    );
  }

  /** By right where the caller has it, else by the link itself, which lets in whoever holds it. */
  private async openOwn(caller: Caller, link: OwnLink, in_project?: string | null): Promise<Readable> {
    const located = await orNull(this.broker.call(locateAsset, { asset_id: link.asset_id }, caller));
    const isFree =
      in_project === undefined || located?.asset.project_id === in_project || located?.asset.is_public === true;
    if (located && isFree) return (await this.store.get(located.key)).body;
    const follow = (link: OwnLink & { project_id?: string }) => orNull(this.broker.call(followLink, link, caller));
    const followed = (in_project && (await follow({ ...link, project_id: in_project }))) || (await follow(link));
    if (followed && located) return (await this.store.get(located.key)).body;
    const answer = followed && (await fetch(followed.url));
    if (answer?.ok && answer.body) return Readable.fromWeb(answer.body);
    throw new AppError('invalid', `The file "${link.name}" is not there any more.`);
  }

  private ownLink(url: string): OwnLink | undefined {
    const isOwn = url.startsWith('/') || url.startsWith(`${this.config.PUBLIC_URL.replace(/\/+$/, '')}/`);
    const [, asset_id, key, name] = (isOwn && LINK.exec(url)) || [];
    if (asset_id === undefined) return undefined;
    return { asset_id, key: key!, name: decodeURIComponent(name!) };
  }
}

interface OwnLink {
  asset_id: string;
  key: string;
  name: string;
}

/** What was asked for; null where there is no such thing for the caller. */
const orNull = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((thrown: unknown) => {
    if (AppError.from(thrown).code !== 'not_found') throw thrown;
    return null;
  });

const shortened = (url: string): string => (url.length > 200 ? `${url.slice(0, 200)}…` : url);
