import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { presignParts, startUploads } from '#libs/contracts/media-uploads';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { safeFileName } from '../domain/file-name.js';
import { objectName, quarantineKey } from '../domain/object-names.js';
import { partBytes, partPlan } from '../domain/part-plan.js';
import { isUuid } from '../domain/uuid.js';
import type { UploadEntity } from '../media.entities.js';
import { Rights, signedIn } from '../rights.js';
import { FinishUpload } from './finish-upload.js';
import { readableHere } from './instant.query.js';
import { Quota } from './quota.js';
import { UploadView, type UploadAnswer } from './upload-view.js';

export const LINK_SECONDS = 3600;
const DAYS_OPEN = 7;

type FileWish = InputOf<typeof startUploads>['files'][number];
interface NewUpload {
  owner_id: string;
  project_id: string | null;
  commit_id?: string | null;
  filename: string;
  content_type?: string | null;
  size: number | null;
  sha256?: string | null;
  licence?: string | null;
  provenance?: Record<string, unknown> | null;
  request_key?: string;
  quarantine_key?: string;
}

/** Bytes on their way in: announced, sent straight to the store, and read by us before they count. */
@Injectable()
export class Uploads {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly rights: Rights,
    private readonly quota: Quota,
    private readonly finishing: FinishUpload,
    private readonly view: UploadView,
  ) {}

  /** Makes room for a single PUT of any size that is allowed; what nobody makes an asset of is removed after a week. */
  async presign(caller: Caller, filename: string): Promise<{ url: string; object_name: string }> {
    const owner_id = signedIn(caller);
    const upload = await this.database.transaction(async (manager) => {
      await this.quota.requireRoom(manager, owner_id, 0);
      return this.insert(manager, { owner_id, project_id: null, filename, size: null });
    });
    const url = await this.store.presignPut(upload.quarantine_key, { expiresSeconds: LINK_SECONDS });
    return { url, object_name: upload.object_name };
  }

  /** Begins an upload for each file; one whose content the caller can read here already is an asset at once. */
  async start(caller: Caller, wish: InputOf<typeof startUploads>): Promise<UploadAnswer[]> {
    const owner_id = signedIn(caller);
    for (const { size } of wish.files) this.quota.requireSize(size);
    const project_id =
      wish.project_id == null ? null : await this.rights.inProject(caller, wish.project_id, 'addMedia');
    const { licence, provenance } = wish;
    const begun = await this.database.transaction(async (manager) => {
      await this.quota.requireRoom(manager, owner_id, sum(wish.files));
      const known = await readableHere(manager, { owner_id, project_id, hashes: hashesOf(wish.files) });
      const uploads: UploadEntity[] = [];
      for (const file of wish.files) {
        const upload = await this.insert(manager, { ...file, owner_id, project_id, licence, provenance });
        const blob = file.sha256 == null ? undefined : known.get(file.sha256);
        if (blob === undefined || Number(blob.size) !== file.size) uploads.push(upload);
        else uploads.push(await this.finishing.link(manager, upload, blob));
      }
      return uploads;
    });
    return this.view.many(begun);
  }

  async get(caller: Caller, uploadId: string): Promise<UploadAnswer> {
    return this.view.one(await this.own(this.database.manager, caller, uploadId));
  }

  /** Links for parts of an upload; the store hears of the upload when its first link is asked for. */
  async presignParts(
    caller: Caller,
    { upload_id, part_numbers }: InputOf<typeof presignParts>,
  ): Promise<OutputOf<typeof presignParts>> {
    const upload = await this.database.transaction(async (manager) => {
      const locked = requireOpen(await this.own(manager, caller, upload_id, 'for update of u'));
      if (locked.part_size === null || locked.part_count === 1)
        throw new AppError('invalid', 'This upload goes in one piece. PUT it to its url.');
      const store_upload_id = locked.store_upload_id ?? (await this.store.createUpload(locked.quarantine_key));
      await manager.query(
        `update uploads set store_upload_id = $2, expires_at = now() + make_interval(days => $3) where id = $1`,
        [locked.id, store_upload_id, DAYS_OPEN],
      );
      return { ...locked, store_upload_id };
    });
    const plan = { part_size: upload.part_size!, part_count: upload.part_count };
    const outside = part_numbers.find((number) => number > plan.part_count);
    if (outside !== undefined)
      throw new AppError('invalid', `There is no part ${outside}: the upload has ${plan.part_count}.`);
    const parts = await Promise.all(
      part_numbers.map(async (part_number) => ({
        part_number,
        size: partBytes(Number(upload.size), plan, part_number),
        url: await this.store.presignPart(upload.quarantine_key, upload.store_upload_id, part_number, {
          expiresSeconds: LINK_SECONDS,
        }),
      })),
    );
    return { parts, expires_at: new Date(Date.now() + LINK_SECONDS * 1000) };
  }

  /** Takes the bytes as complete. Small files are an asset when this answers, large ones are read in the background. */
  async complete(caller: Caller, uploadId: string): Promise<UploadAnswer> {
    const upload = await this.own(this.database.manager, caller, uploadId);
    if (upload.state === 'open') {
      // It may have been begun by somebody who was still a member then.
      if (upload.project_id !== null) await this.rights.inProject(caller, upload.project_id, 'addMedia');
      await this.finishing.begin(upload);
    }
    return this.get(caller, uploadId);
  }

  async abort(caller: Caller, uploadId: string): Promise<UploadAnswer> {
    const upload = await this.own(this.database.manager, caller, uploadId);
    await this.finishing.giveUp(upload);
    return this.get(caller, uploadId);
  }

  /**
   * Takes an object that another service has put below `tasks/` as an upload of the caller's that is all there. The same
   * `request_key` gives the same upload.
   */
  async adopt(
    owner_id: string,
    output: { request_key: string; key: string; name: string } & Pick<
      NewUpload,
      'project_id' | 'commit_id' | 'licence' | 'provenance'
    >,
  ): Promise<UploadEntity> {
    const find = () =>
      this.database.query<UploadEntity[]>('select * from uploads where owner_id = $1 and request_key = $2', [
        owner_id,
        output.request_key,
      ]);
    const [known] = await find();
    if (known) return known;
    const head = await this.store.head(output.key);
    if (head === undefined) throw new AppError('not_found', `There is no object ${output.key} to keep.`);
    this.quota.requireSize(head.size);
    const made = await this.database
      .transaction(async (manager) => {
        await this.quota.requireRoom(manager, owner_id, head.size);
        const { name: filename, key: quarantine_key, ...rest } = output;
        return this.insert(manager, {
          ...rest,
          owner_id,
          filename,
          quarantine_key,
          size: head.size,
          content_type: head.content_type,
        });
      })
      .catch(async (error: unknown) => {
        const [raced] = await find();
        if (raced) return raced;
        throw error;
      });
    return made;
  }

  private async insert(manager: EntityManager, wish: NewUpload): Promise<UploadEntity> {
    const id = randomUUID();
    const filename = safeFileName(wish.filename);
    const isWhole = wish.size === null || wish.quarantine_key !== undefined;
    const { part_size, part_count } = isWhole ? { part_size: null, part_count: 1 } : partPlan(wish.size!);
    const { owner_id, project_id, commit_id = null } = wish;
    const [row] = await manager.query<UploadEntity[]>(
      `insert into uploads (id, owner_id, project_id, commit_id, state, filename, object_name, content_type, size, sha256,
         licence, provenance, request_key, quarantine_key, part_size, part_count, expires_at)
       values ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, now() + make_interval(days => $16))
       returning *`,
      [
        id,
        owner_id,
        project_id,
        commit_id,
        filename,
        objectName({ owner_id, project_id, commit_id, id, filename }),
        wish.content_type ?? 'application/octet-stream',
        wish.size,
        wish.sha256 ?? null,
        wish.licence ?? null,
        wish.provenance == null ? null : JSON.stringify(wish.provenance),
        wish.request_key ?? null,
        wish.quarantine_key ?? quarantineKey(owner_id, id),
        part_size,
        part_count,
        DAYS_OPEN,
      ],
    );
    return row!;
  }

  /** An upload of the caller's own; anybody else's is answered as one there is not. */
  private async own(manager: EntityManager, caller: Caller, id: string, lock = ''): Promise<UploadEntity> {
    const [upload] = isUuid(id)
      ? await manager.query<UploadEntity[]>(`select u.* from uploads u where id = $1 and owner_id = $2 ${lock}`, [
          id,
          signedIn(caller),
        ])
      : [];
    if (!upload) throw new AppError('not_found', 'Upload not found');
    return upload;
  }
}

function requireOpen(upload: UploadEntity): UploadEntity {
  if (upload.state !== 'open')
    throw new AppError('conflict', `This upload is ${upload.state}; it takes no more bytes.`);
  return upload;
}

const sum = (files: readonly FileWish[]) => files.reduce((bytes, { size }) => bytes + size, 0);
const hashesOf = (files: readonly FileWish[]) => files.flatMap(({ sha256 }) => (sha256 == null ? [] : [sha256]));
