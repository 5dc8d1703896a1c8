import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { beginImport, exportBundle, importParts, Transfer } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, objectKey, type ObjectStore } from '#libs/storage/object-store';
import { Access } from '../access/access.js';
import { signedIn } from '../accounts/accounts.js';
import type { ProjectsConfig } from '../config.js';
import { isUuid } from '../domain/uuid.js';
import type { TransferEntity } from './transfer.entity.js';
import { TransferWorker } from './transfer-worker.js';

const PART_SIZE = 16 * 2 ** 20;
const LINK_SECONDS = 3600;
const OPEN_AT_ONCE = 20;

/** Bundles on their way: a row for each, its bytes in the object store, which users reach by links of their own. */
@Injectable()
export class Transfers {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
    private readonly worker: TransferWorker,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: ProjectsConfig,
  ) {}

  async export(caller: Caller, { project_id, ...wish }: InputOf<typeof exportBundle>): Promise<Transfer> {
    const row = await this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, project_id, 'exportProject');
      const id = randomUUID();
      const object_key = objectKey('bundles', 'exports', `${id}.tar`);
      return this.insert(manager, caller, {
        id,
        kind: 'export',
        project_id: project.id,
        wish,
        object_key,
        status: 'queued',
      });
    });
    this.worker.wake();
    return this.view(row);
  }

  async begin(caller: Caller, { size, ...wish }: InputOf<typeof beginImport>): Promise<Transfer> {
    const limit = this.config.BUNDLE_LIMIT_MB * 2 ** 20;
    if (size > limit)
      throw new AppError('invalid', `A bundle has at most ${this.config.BUNDLE_LIMIT_MB} MB here.`, {
        reason: 'too_large',
        size,
        limit,
      });
    const manager = this.database.manager;
    if (wish.into_project_id !== undefined) await this.access.toHistory(manager, caller, wish.into_project_id);
    const id = randomUUID();
    const object_key = objectKey('bundles', 'imports', `${id}.tar`);
    const upload_id = await this.store.createUpload(object_key, { contentType: 'application/x-tar' });
    const about = { id, kind: 'import', project_id: null, wish, object_key, upload_id, size } as const;
    try {
      return await this.view(await this.insert(manager, caller, { ...about, status: 'uploading' }));
    } catch (thrown) {
      await this.store.abortUpload(object_key, upload_id);
      throw thrown;
    }
  }

  async parts(caller: Caller, wish: InputOf<typeof importParts>): Promise<OutputOf<typeof importParts>> {
    const row = await this.find(caller, wish.transfer_id);
    const size = Number(row.size);
    const about = { part_size: PART_SIZE, part_count: Math.ceil(size / PART_SIZE) };
    if (row.status !== 'uploading' || row.upload_id === null) return { ...about, arrived: [], links: [] };
    const arrived = await this.store.listParts(row.object_key, row.upload_id);
    const links = wish.part_numbers
      .filter((part_number) => part_number <= about.part_count)
      .map(async (part_number) => ({
        part_number,
        url: await this.store.presignPart(row.object_key, row.upload_id!, part_number, {
          expiresSeconds: LINK_SECONDS,
        }),
      }));
    return {
      ...about,
      arrived: arrived.map(({ part_number, size }) => ({ part_number, size })),
      links: await Promise.all(links),
    };
  }

  /** Joins the parts and lets the bundle be looked at; whoever asks again gets what has become of it by then. */
  async finishUpload(caller: Caller, id: string): Promise<Transfer> {
    const { id: found } = await this.find(caller, id);
    await this.database.transaction(async (manager) => {
      // Only one of several who say so completes it: a second completion would replace what is being read.
      const [row] = await manager.query<TransferEntity[]>(
        `select * from transfers where id = $1 and status = 'uploading' for update`,
        [found],
      );
      if (!row || row.upload_id === null) return;
      const parts = await this.store.listParts(row.object_key, row.upload_id);
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      if (size !== Number(row.size))
        throw new AppError('conflict', `${size} of ${row.size} bytes have arrived; send what is missing.`, {
          arrived: parts.map(({ part_number }) => part_number),
        });
      await this.store.completeUpload(row.object_key, row.upload_id, parts);
      await manager.query(`update transfers set status = 'queued', upload_id = null where id = $1`, [row.id]);
    });
    this.worker.wake();
    return this.get(caller, id);
  }

  async get(caller: Caller, id: string): Promise<Transfer> {
    return this.view(await this.find(caller, id));
  }

  async end(caller: Caller, id: string): Promise<void> {
    const row = await this.find(caller, id);
    await this.database.query(`update transfers set expires_at = now() where id = $1`, [row.id]);
    this.worker.wake();
  }

  /** One's own; the transfers of others are as if they were not there. */
  private async find(caller: Caller, id: string): Promise<TransferEntity> {
    const [row] = isUuid(id)
      ? await this.database.query<TransferEntity[]>(
          'select * from transfers where id = $1 and owner_id = $2 and expires_at > now()',
          [id, signedIn(caller)],
        )
      : [];
    if (!row) throw new AppError('not_found', 'Transfer not found');
    return row;
  }

  private async insert(manager: EntityManager, caller: Caller, row: NewTransfer): Promise<TransferEntity> {
    const [open] = await manager.query<{ count: number }[]>(
      `select count(*)::int as count from transfers where owner_id = $1 and status in ('uploading', 'queued') and expires_at > now()`,
      [signedIn(caller)],
    );
    if (open!.count >= OPEN_AT_ONCE)
      throw new AppError('unavailable', 'Too many of your bundles are under way; wait for some to finish.', {
        reason: 'too_many_requests',
        retry_after_s: 10,
      });
    const [made] = await manager.query<TransferEntity[]>(
      `insert into transfers (id, kind, owner_id, project_id, wish, object_key, upload_id, size, status, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + interval '1 day') returning *`,
      [
        row.id,
        row.kind,
        caller.user_id,
        row.project_id,
        JSON.stringify(row.wish),
        row.object_key,
        row.upload_id ?? null,
        row.size ?? null,
        row.status,
      ],
    );
    return made!;
  }

  private async view(row: TransferEntity): Promise<Transfer> {
    const isReady = row.kind === 'export' && row.status === 'done';
    const filename = `${row.project_id}.evidverse.tar`;
    return {
      ...row,
      size: row.size === null ? null : Number(row.size),
      download_url: isReady
        ? await this.store.presignGet(row.object_key, { expiresSeconds: LINK_SECONDS, filename })
        : null,
    };
  }
}

interface NewTransfer extends Pick<TransferEntity, 'id' | 'kind' | 'project_id' | 'wish' | 'object_key' | 'status'> {
  upload_id?: string;
  size?: number;
}
