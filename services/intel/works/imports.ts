import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { Import, WorkLine } from '#libs/contracts/intel-works';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, objectKey, type ObjectStore } from '#libs/storage/object-store';
import { Roles } from '../access/roles.js';
import { Rounds } from '../rounds.js';
import { takeInWorks, type TakenIn } from './take-in-works.js';
import type { ImportEntity } from './work.entities.js';
import { workLines } from './work-lines.js';

const BATCH = 200;
const MOST_REFUSED = 1000;
const LINK_SECONDS = 3600;

/**
 * Bulk imports: the file of JSON lines goes to the object store by a link, and is read here, a batch in a transaction with
 * the place it ended at, so that whoever takes a broken one over goes on where it stopped.
 */
@Injectable()
export class Imports implements OnApplicationBootstrap {
  private round: { wake: () => void } | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
    private readonly rounds: Rounds,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  onApplicationBootstrap(): void {
    this.round = this.rounds.every('imports', 15, (signal) => this.runAll(signal));
  }

  async create(caller: Caller, source: string): Promise<Import> {
    const { user_id } = await this.roles.require(caller, 'publisher');
    const [row] = await this.database.query<ImportEntity[]>(
      'insert into imports (user_id, source) values ($1, $2) returning *',
      [user_id, source],
    );
    return { ...row!, upload_url: await this.store.presignPut(keyOf(row!.id), { expiresSeconds: LINK_SECONDS }) };
  }

  /** Begins to read what was uploaded; asking again changes nothing. */
  async start(caller: Caller, id: string): Promise<Import> {
    const row = await this.get(caller, id);
    if (row.state !== 'waiting') return row;
    const file = await this.store.head(keyOf(row.id));
    if (!file)
      throw new AppError('conflict', 'Nothing has been uploaded yet. PUT the lines to upload_url, then start.');
    await this.database.query(`update imports set state = 'running', bytes = $2 where id = $1 and state = 'waiting'`, [
      row.id,
      file.size,
    ]);
    this.round?.wake();
    return this.get(caller, id);
  }

  async get(caller: Caller, id: string): Promise<Import> {
    await this.roles.require(caller, 'publisher');
    const [row] = await this.database.query<ImportEntity[]>('select * from imports where id::text = $1', [id]);
    if (!row) throw new AppError('not_found', `There is no import ${id}.`);
    return row;
  }

  async takeIn(caller: Caller, source: string, works: readonly WorkLine[]): Promise<TakenIn> {
    await this.roles.require(caller, 'publisher');
    return this.database.transaction((manager) => takeInWorks(manager, source, works));
  }

  private async runAll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [[row]] = await this.database.query<[ImportEntity[], number]>(
        `update imports set claimed_until = now() + interval '2 minutes' where id = (
           select id from imports where state = 'running' and claimed_until < now() order by created_at limit 1 for update skip locked)
         returning *`,
      );
      if (!row) return;
      await this.run(row, signal).catch(async (error: unknown) => {
        const { code, message } = AppError.from(error);
        if (code === 'unavailable') throw error;
        await this.database.query(
          `update imports set state = 'failed', error = $2, finished_at = now() where id = $1`,
          [row.id, message],
        );
        await this.store.delete(keyOf(row.id));
      });
    }
  }

  private async run(row: ImportEntity, signal: AbortSignal): Promise<void> {
    const rest =
      row.bytes_read < row.bytes
        ? await this.store.get(keyOf(row.id), { range: { start: row.bytes_read } })
        : undefined;
    const progress = { lines: row.lines, bytes: row.bytes_read, refused: [...row.refused] };
    let batch: WorkLine[] = [];
    const save = async (done: boolean) => {
      const lines = batch;
      batch = [];
      await this.database.transaction(async (manager) => {
        const { added, changed } = await takeInWorks(manager, row.source, lines);
        await manager.query(
          `update imports set added = added + $2, changed = changed + $3, lines = $4, bytes_read = $5, refused = $6,
             claimed_until = now() + interval '2 minutes',
             state = case when $7 then 'done' else state end, finished_at = case when $7 then now() end where id = $1`,
          [row.id, added, changed, progress.lines, progress.bytes, JSON.stringify(progress.refused), done],
        );
      });
    };
    if (rest)
      for await (const { line, bytes, work, refused } of workLines(rest.body, row.lines)) {
        progress.lines = line;
        progress.bytes += bytes;
        if (work) batch.push(work);
        if (refused !== undefined && progress.refused.length < MOST_REFUSED)
          progress.refused.push({ line, reason: refused });
        if (batch.length >= BATCH) await save(false);
        if (signal.aborted) return;
      }
    await save(true);
    await this.store.delete(keyOf(row.id));
  }
}

const keyOf = (id: string) => objectKey('intel', 'imports', `${id}.jsonl`);
