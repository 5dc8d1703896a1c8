import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import { AppError } from '#libs/errors/app-error';
import { findMediaPrograms } from '#libs/media/media-programs';
import { probe } from '#libs/media/probe';
import { toneNote } from '#libs/media/tone-map';
import type { Log } from '#libs/observability/logger';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { bury } from '../collection/dead-objects.js';
import type { MediaConfig } from '../config.js';
import { renditionPrefix } from '../domain/object-names.js';
import type { BlobEntity } from '../media.entities.js';
import { hls } from './hls.js';
import { poster } from './poster.js';
import type { Making, Rendition } from './rendition.js';
import { sprite } from './sprite.js';
import { waveform } from './waveform.js';

/** In the order in which people miss them. */
const RENDITIONS: readonly Rendition[] = [poster, waveform, sprite, hls];

/**
 * Looks at a blob and makes what it is looked at with. Each rendition is kept as soon as it is made, so that whoever takes
 * the work up again goes on where it ended.
 */
@Injectable()
export class Derive {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: MediaConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async run(sha256: string, signal: AbortSignal): Promise<void> {
    const [blob] = await this.database.query<BlobEntity[]>('select * from blobs where sha256 = $1', [sha256]);
    if (!blob) return;
    const programs = await findMediaPrograms(this.config);
    const work = await mkdtemp(join(tmpdir(), 'evidverse-media-'));
    try {
      const source = join(work, 'source');
      await pipeline((await this.store.get(blob.key)).body, createWriteStream(source), { signal });
      const facts = await probe(programs, source, { signal });
      const note = toneNote(facts, programs);
      const told = { ...facts, ...(note !== undefined && { notes: [note] }) };
      await this.database.query('update blobs set facts = $2 where sha256 = $1', [sha256, JSON.stringify(told)]);
      const problems: string[] = [];
      for (const rendition of RENDITIONS.filter((one) => one.isFor(facts))) {
        const folder = join(work, rendition.kind);
        await mkdir(folder);
        await this.make(sha256, rendition, { programs, source, folder, facts, signal }).catch((error: unknown) => {
          // A film that lacks one thing may still have the others.
          if (!(error instanceof AppError) || error.code !== 'invalid') throw error;
          this.log.warn({ err: error, sha256 }, `there is no ${rendition.kind} of a blob`);
          problems.push(`${rendition.kind}: ${error.message}`);
        });
        await rm(folder, { recursive: true, force: true });
      }
      if (problems.length > 0) throw new AppError('invalid', problems.join(' '));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  private async make(sha256: string, rendition: Rendition, making: Making): Promise<void> {
    const { kind } = rendition;
    const known = await this.database.query<unknown[]>(
      'select 1 from renditions where blob_sha256 = $1 and kind = $2',
      [sha256, kind],
    );
    if (known.length > 0) return;
    const { content, files } = await rendition.make(making);
    const prefix = renditionPrefix(sha256, kind, randomBytes(6).toString('hex'));
    let bytes = 0;
    for (const { name, contentType } of files) {
      making.signal.throwIfAborted();
      const path = join(making.folder, name);
      bytes += (await stat(path)).size;
      await this.store.put(prefix + name, createReadStream(path), { contentType });
    }
    await this.database.transaction(async (manager) => {
      const kept = await manager.query<unknown[]>(
        `insert into renditions (blob_sha256, kind, prefix, content, bytes)
         select sha256, $2, $3, $4, $5 from blobs where sha256 = $1 for key share
         on conflict do nothing returning kind`,
        [sha256, kind, prefix, JSON.stringify(content), bytes],
      );
      // The blob is gone, or somebody else was first.
      if (kept.length === 0) await bury(manager, [prefix]);
    });
  }
}
