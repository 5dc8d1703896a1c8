import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import { BUNDLE_FORMAT, type BundleManifest } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { Access } from '../access/access.js';
import { audit } from '../audit/audit.js';
import type { ProjectsConfig } from '../config.js';
import { CarriedMedia, type LaidAside } from './carried-media.js';
import { ClaimLoop } from './claim-loop.js';
import { commitsSpokenOf, describeProject } from './describe-project.query.js';
import { endLostBundles } from './lost-bundles.js';
import { namingWhatIsElsewhere } from './prerequisites.js';
import { readBundle } from './read-bundle.js';
import { select } from './selection.js';
import { takeIn, type ImportWish } from './take-in.js';
import type { TransferEntity } from './transfer.entity.js';
import { writeBundle } from './write-bundle.js';

const ATTEMPTS = 5;
const SWEEP_EVERY_MS = 5 * 60_000;

/**
 * Writes and takes in the bundles that are asked for, one at a time in each process. Who dies over one leaves nothing half
 * done: the row is claimed again when the claim has passed, and an import is one transaction.
 */
@Injectable()
export class TransferWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: ClaimLoop<TransferEntity>;
  private lastSweep = 0;

  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
    private readonly carried: CarriedMedia,
    @Inject(CONFIG) private readonly config: ProjectsConfig,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.loop = new ClaimLoop({
      database,
      log,
      table: 'transfers',
      where: 'expires_at > now()',
      attempt: (row) => this.attempt(row),
      tidy: () => this.sweep(),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  /** Looks at once whether there is something to do. */
  wake(): void {
    this.loop.wake();
  }

  private async attempt(row: TransferEntity): Promise<void> {
    try {
      if (row.kind === 'export') await this.export(row);
      else await this.import(row);
    } catch (thrown) {
      await this.giveUp(row, thrown);
    }
  }

  private async export(row: TransferEntity): Promise<void> {
    if (row.project_id === null) throw new AppError('not_found', 'Project not found');
    const { branches, have, include_media } = row.wish as {
      branches?: string[];
      have: string[];
      include_media?: boolean;
    };
    const project_id = row.project_id;
    const { about, selection } = await this.database.transaction('REPEATABLE READ', async (manager) => {
      const admission = await this.access.toProject(manager, callerOf(row), project_id, 'exportProject');
      const withRequests = admission.allows('readMergeRequests');
      const about = await describeProject(manager, project_id, { branches: branches ?? null, withRequests });
      const wanted = [...about.refs, ...about.tags].flatMap(({ target }) => target ?? []);
      const selection = await select(manager, project_id, { wanted: [...wanted, ...commitsSpokenOf(about)], have });
      return { about, selection: namingWhatIsElsewhere(about, selection) };
    });
    const made_at = row.created_at.toISOString();
    const head = { format: BUNDLE_FORMAT, version: 1, made_at } as const satisfies Partial<BundleManifest>;
    const { manifest, body, discard } = await writeBundle(this.database.manager, { ...head, ...about }, selection, {
      describe: (links) => this.carried.describe(callerOf(row), project_id, links),
      ...(include_media && { include: (media) => this.included(row, project_id, media) }),
    });
    try {
      const { size } = await this.store.put(row.object_key, body, { contentType: 'application/x-tar' });
      const { commits, objects, prerequisites, refs, media_included } = manifest;
      const media = new Set(manifest.media.map(({ sha256 }) => sha256)).size;
      const counts = { media, media_included: media_included.length };
      const report = { commits, objects, prerequisites: prerequisites.length, refs, ...counts };
      await this.database.transaction(async (manager) => {
        await this.settle(manager, row, { status: 'done', report, size });
        const subject = { transfer_id: row.id, commits, branches: refs.map(({ name }) => name) };
        await audit(manager, { actor_id: row.owner_id, project_id, action: 'projects.bundleExported', subject });
      });
    } finally {
      await discard();
    }
  }

  /** The bytes of a bundle's media that whoever asked may read, if all of them are not too much for one bundle. */
  private async included(row: TransferEntity, projectId: string, media: BundleManifest['media']) {
    const sizes = new Map(media.map(({ sha256, size }) => [sha256, size]));
    const size = [...sizes.values()].reduce((sum, one) => sum + one, 0);
    const limit = this.config.BUNDLE_LIMIT_MB * 2 ** 20;
    if (size > limit)
      throw new AppError('invalid', `The media have ${size} bytes; at most ${limit} go into one bundle.`, {
        reason: 'too_large',
        size,
        limit,
      });
    const held = await this.carried.held(callerOf(row), projectId, [...sizes.keys()]);
    return new Map([...held].map(([sha256, key]) => [sha256, async () => (await this.store.get(key)).body] as const));
  }

  private async import(row: TransferEntity): Promise<void> {
    const { body } = await this.store.get(row.object_key);
    const [caller, wish] = [callerOf(row), row.wish as unknown as ImportWish];
    const laid: LaidAside[] = [];
    let kept: string[] = [];
    try {
      const bundle = await readBundle(body, async (media, bytes) => {
        laid.push(await this.carried.layAside(row.id, media, bytes));
      });
      const into = wish.into_project_id ?? null;
      const taking = { bundle, wish, carried: this.carried };
      if (laid.length > 0 && wish.mode !== 'verify') {
        const looking: ImportWish = { ...wish, mode: 'verify' };
        await this.database.transaction((manager) =>
          takeIn(manager, this.access, caller, { ...taking, wish: looking, missing: [] }),
        );
        kept = await this.carried.keep(caller, laid);
      }
      const missing = (await this.carried.missing(caller, bundle, into)).filter(
        ({ sha256 }) => !laid.some(({ media }) => media.sha256 === sha256),
      );
      await this.database.transaction(async (manager) => {
        const report = await takeIn(manager, this.access, caller, { ...taking, missing });
        await this.settle(manager, row, { status: 'done', report, project_id: report.project_id });
      });
    } catch (thrown) {
      // What is tried again finds them; of what is refused nothing stays.
      if (isFinal(row, AppError.from(thrown))) await this.carried.drop(caller, kept);
      throw thrown;
    } finally {
      await this.carried.throwAway(laid);
    }
    await this.store.delete(row.object_key);
  }

  /** A refusal is final and takes the bytes away; what is only out of reach right now is tried again. */
  private async giveUp(row: TransferEntity, thrown: unknown): Promise<void> {
    const error = AppError.from(thrown);
    if (error.code === 'internal')
      this.log.error({ err: thrown, transfer_id: row.id }, 'a bundle could not be worked on');
    if (!isFinal(row, error)) {
      await this.database.query(`update transfers set claimed_until = now() + interval '2 seconds' where id = $1`, [
        row.id,
      ]);
      return;
    }
    const status = error.code === 'internal' || error.code === 'unavailable' ? 'failed' : 'refused';
    const report = { code: error.code, ...(error.details as Record<string, unknown> | undefined) };
    await this.settle(this.database.manager, row, { status, report, error: error.message });
    await this.store.delete(row.object_key);
  }

  private async settle(
    manager: EntityManager,
    { id }: TransferEntity,
    outcome: { status: string; report: object; error?: string; size?: number; project_id?: string | null },
  ): Promise<void> {
    await manager.query(
      `update transfers set status = $2, report = $3, error = $4, size = coalesce($5, size),
         project_id = coalesce($6, project_id), finished_at = now() where id = $1`,
      [
        id,
        outcome.status,
        JSON.stringify(outcome.report),
        outcome.error ?? null,
        outcome.size ?? null,
        outcome.project_id ?? null,
      ],
    );
  }

  /** What has expired goes, its bytes first; and so does what nobody knows of. */
  private async sweep(): Promise<void> {
    if (Date.now() - this.lastSweep < SWEEP_EVERY_MS) return;
    this.lastSweep = Date.now();
    const rows = await this.database.query<TransferEntity[]>(
      'select * from transfers where expires_at <= now() limit 100',
    );
    for (const { id, object_key, upload_id } of rows) {
      if (upload_id !== null) await this.store.abortUpload(object_key, upload_id);
      await this.store.delete(object_key);
      await this.carried.forget(id);
      await this.database.query('delete from transfers where id = $1', [id]);
    }
    await endLostBundles(this.database, this.store);
  }
}

/** What is only out of reach is tried a few times. */
const isFinal = ({ attempts }: TransferEntity, { code }: AppError): boolean =>
  code !== 'unavailable' || attempts >= ATTEMPTS;

/** Whoever asked, as far as rights go: they are looked at again when the work is done. */
const callerOf = ({ owner_id }: TransferEntity): Caller => ({ user_id: owner_id, role: 'user', session_id: null });
