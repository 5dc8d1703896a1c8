import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { BeginImportWish, ImportPartsAnswer } from './cloud-shapes.js';
import { Transfer } from '#libs/contracts/projects-bundles';
import { BranchWithFigures, FeedItem, Project, User } from '#libs/contracts/projects';
import { AppError, type ErrorCode } from '#libs/errors/app-error';
import { hostOf } from '#libs/outbound/outbound-address';
import { Outbound } from '#libs/outbound/outbound';
import type { ProjectsConfig } from '../config.js';

const MB = 2 ** 20;
const DOWNLOAD_TIMEOUT_MS = 240_000;
const POLL_MS = 250;
const PATIENCE_MS = 240_000;

/**
 * The API of the cloud that CLOUD_API_URL names, as one of its users: the same routes that everybody has. Its host may be
 * asked whatever its address is, as the operator has chosen it; links that it gives are held to the guard like any other.
 */
@Injectable()
export class CloudClient {
  private readonly outbound: Outbound | undefined;
  readonly url: string | null;

  constructor(@Inject(CONFIG) config: ProjectsConfig) {
    this.url = config.CLOUD_API_URL?.replace(/\/+$/, '') ?? null;
    if (this.url === null) return;
    const cloud = hostOf(new URL(this.url));
    const allowed = config.OUTBOUND_ALLOWED_HOSTS;
    this.outbound = new Outbound({
      hasHost: (host, port) => host === cloud || allowed.hasHost(host, port),
      hasAddress: (address, port) => address === cloud || allowed.hasAddress(address, port),
    });
  }

  me = (token: string) => this.ask(token, User, 'GET', ME);
  projects = (token: string, wish: { skip: number; limit: number }) =>
    this.ask(token, z.array(Project), 'GET', `/projects?${query(wish)}`);
  feed = (token: string, wish: Record<string, string | number | undefined>) =>
    this.ask(token, z.array(FeedItem), 'GET', `/projects/feed?${query(wish)}`);
  branches = (token: string, id: string) =>
    this.ask(token, z.array(BranchWithFigures), 'GET', `/projects/${encodeURIComponent(id)}/branches`);

  /** The commits of all tags of a project, by name. */
  async tags(token: string, id: string): Promise<Map<string, string>> {
    const tags = new Map<string, string>();
    let after: string | undefined;
    do {
      const path = `/projects/${encodeURIComponent(id)}/tags?${query({ after })}`;
      const page = await this.ask(token, TAGS, 'GET', path);
      for (const { name, commit_id } of page.items) tags.set(name, commit_id);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return tags;
  }

  /** Has the cloud write what we lack into a bundle, and gives its bytes. */
  async bundle(token: string, projectId: string, have: readonly string[]): Promise<Readable> {
    const path = `/projects/${encodeURIComponent(projectId)}/bundles`;
    const begun = await this.ask(token, Transfer, 'POST', path, { have });
    const { download_url } = await this.settled(token, begun.id);
    const answer = await this.way().open(download_url!, { timeoutMs: DOWNLOAD_TIMEOUT_MS, maxBytes: 1024 * MB });
    if (answer.status === 200) return answer.body;
    answer.body.destroy();
    throw new AppError('unavailable', `The cloud's bundle cannot be fetched (${answer.status}). Try again.`);
  }

  /** Sends a bundle in parts, and waits for what becomes of it. `read` gives bytes `from` up to, without, `to`. */
  async takeIn(
    token: string,
    wish: BeginImportWish,
    { read, begun, sent }: Sending,
  ): Promise<z.output<typeof Transfer>> {
    const { id } = await this.ask(token, Transfer, 'POST', '/bundles', wish);
    await begun(id);
    const parts = await this.ask(token, PARTS, 'POST', `/bundles/${id}/parts`, { part_numbers: [] });
    for (let part = 1; part <= parts.part_count; part++) {
      const { links } = await this.ask(token, PARTS, 'POST', `/bundles/${id}/parts`, { part_numbers: [part] });
      const body = await read((part - 1) * parts.part_size, Math.min(part * parts.part_size, wish.size));
      const headers = { 'content-length': String(body.length) };
      const { status } = await this.way().fetch(links[0]!.url, { method: 'PUT', body, headers, timeoutMs: 120_000 });
      if (status !== 200)
        throw new AppError('unavailable', `The cloud did not take a part of the bundle (${status}). Try again.`);
      await sent(body.length);
    }
    await this.ask(token, Transfer, 'POST', `/bundles/${id}/finish`);
    return this.settled(token, id);
  }

  /** What became of a bundle that was sent before; undefined where it did not come through, so that it is to be sent anew. */
  async takenIn(token: string, id: string): Promise<z.output<typeof Transfer> | undefined> {
    try {
      const { status } = await this.ask(token, Transfer, 'GET', `/bundles/${id}`);
      if (status !== 'uploading') return await this.settled(token, id);
      await this.ask(token, z.object({ ok: z.boolean() }), 'DELETE', `/bundles/${id}`);
    } catch (thrown) {
      if (AppError.from(thrown).code === 'unavailable') throw thrown;
    }
    return undefined;
  }

  /** Where the bytes are of those contents that the cloud lets us read in a project; of the others it says nothing. */
  async wanted(token: string, projectId: string, hashes: readonly string[]): Promise<z.output<typeof WANTED>['items']> {
    if (hashes.length === 0) return [];
    const path = `/projects/${encodeURIComponent(projectId)}/media/wanted`;
    return (await this.ask(token, WANTED, 'POST', path, { hashes })).items;
  }

  /** The bytes `from` up to, without, `to` behind an address that the cloud gave. */
  async mediaAt(url: string, from: number, to: number): Promise<Readable> {
    const headers = { range: `bytes=${from}-${Math.max(from, to - 1)}` };
    const answer = await this.way().open(url, { timeoutMs: DOWNLOAD_TIMEOUT_MS, maxBytes: to - from, headers });
    if (answer.status === 206 || (answer.status === 200 && from === 0)) return answer.body;
    answer.body.destroy();
    const { status } = answer;
    throw new AppError('unavailable', `The cloud's media cannot be fetched (${status}). Try again.`, { status });
  }

  /**
   * Uploads one file, unless the cloud finds that its user has it already; says whether bytes went. Of an upload that was
   * begun before only the parts are sent that have not arrived.
   */
  async sendMedia(
    token: string,
    { name, ...file }: { name: string; size: number; sha256: string },
    { read, begun, sent, before }: Sending & { before: string | undefined },
  ): Promise<boolean> {
    const wish = { files: [{ ...file, filename: name }], provenance: { carried: true } };
    let upload = before === undefined ? undefined : await this.openUpload(token, before);
    if (!upload) {
      upload = (await this.ask(token, UPLOADS, 'POST', '/media/uploads', wish)).uploads[0]!;
      if (upload.state === 'done') return false;
      await begun(upload.id);
    }
    const arrived = new Set(upload.uploaded_parts.map(({ part_number }) => part_number));
    const at = `/media/uploads/${upload.id}`;
    for (let part = 1; part <= upload.part_count; part++) {
      const part_size = upload.part_size ?? file.size;
      const [from, to] = [(part - 1) * part_size, Math.min(part * part_size, file.size)];
      if (arrived.has(part)) {
        await sent(to - from);
        continue;
      }
      const link =
        upload.part_count === 1
          ? upload.url!
          : (await this.ask(token, UPLOAD_PARTS, 'POST', `${at}/parts`, { part_numbers: [part] })).parts[0]!.url;
      const body = await read(from, to);
      const headers = { 'content-length': String(body.length) };
      const { status } = await this.way().fetch(link, { method: 'PUT', body, headers, timeoutMs: 120_000 });
      if (status !== 200) throw new AppError('unavailable', `The cloud did not take ${name} (${status}). Try again.`);
      await sent(body.length);
    }
    upload = await this.ask(token, UPLOAD, 'POST', `${at}/complete`);
    for (const until = Date.now() + PATIENCE_MS; upload.state === 'verifying' && Date.now() < until;) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      upload = await this.ask(token, UPLOAD, 'GET', at);
    }
    if (upload.state !== 'done')
      throw new AppError('unavailable', `The cloud did not keep ${name}: ${upload.problem ?? upload.state}.`);
    return true;
  }

  private async openUpload(token: string, id: string): Promise<z.output<typeof UPLOAD> | undefined> {
    try {
      const upload = await this.ask(token, UPLOAD, 'GET', `/media/uploads/${id}`);
      return upload.state === 'open' && upload.part_count > 1 ? upload : undefined;
    } catch (thrown) {
      if (AppError.from(thrown).code === 'unavailable') throw thrown;
      return undefined;
    }
  }

  private async settled(token: string, id: string): Promise<z.output<typeof Transfer>> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const transfer = await this.ask(token, Transfer, 'GET', `/bundles/${id}`);
      if (transfer.status === 'done') return transfer;
      if (transfer.status === 'refused' || transfer.status === 'failed') {
        const { code, ...details } = (transfer.report ?? {}) as { code?: ErrorCode };
        throw new AppError(
          code === 'internal' ? 'unavailable' : (code ?? 'invalid'),
          `The cloud says: ${transfer.error}`,
          details,
        );
      }
      if (Date.now() > until) throw new AppError('unavailable', 'The cloud is still at it. Try again later.');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  private async ask<Schema extends z.ZodType>(
    token: string,
    schema: Schema,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<z.output<Schema>> {
    const answer = await this.way().fetch(`${this.url}/api/v1${path}`, {
      method,
      timeoutMs: 30_000,
      maxBytes: 64 * MB,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json = readJson(answer.body);
    // Who is not known any more is answered like anybody: a project of their own is not there.
    if (answer.status === 404 && path !== ME) await this.me(token);
    if (answer.status !== 200)
      throw refusal(answer.status, json as { detail?: unknown; details?: unknown } | undefined);
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new AppError(
      'unavailable',
      'The cloud answers in a way that this installation does not know. Is it up to date?',
    );
  }

  private way(): Outbound {
    if (this.outbound) return this.outbound;
    throw new AppError('invalid', 'This installation belongs with no cloud: CLOUD_API_URL is not set.', {
      reason: 'no_cloud',
    });
  }
}

/** Bytes that are sent: where they are read, who is told of what the cloud calls it, and of each piece that has gone. */
export interface Sending {
  read(from: number, to: number): Promise<Buffer>;
  begun(id: string): Promise<void>;
  sent(bytes: number): Promise<void>;
}

const TAGS = z.object({
  items: z.array(z.object({ name: z.string(), commit_id: z.string() })),
  next: z.string().nullable(),
});
const WANTED = z.object({ items: z.array(z.object({ sha256: z.string(), size: z.number(), url: z.string() })) });
const UPLOAD = z.object({
  id: z.string(),
  state: z.string(),
  url: z.string().nullable(),
  part_size: z.number().nullable(),
  part_count: z.number(),
  uploaded_parts: z.array(z.object({ part_number: z.number() })),
  problem: z.string().nullable(),
});
const UPLOADS = z.object({ uploads: z.array(UPLOAD).length(1) });
const UPLOAD_PARTS = z.object({ parts: z.array(z.object({ url: z.string() })).length(1) });
const PARTS: z.ZodType<ImportPartsAnswer> = z.object({
  part_size: z.number().int().min(1),
  part_count: z.number().int(),
  links: z.array(z.object({ part_number: z.number().int(), url: z.string() })),
});

const ME = '/users/me';

function query(wish: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(wish)) if (value !== undefined) search.set(name, String(value));
  return search.toString();
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function refusal(status: number, body: { detail?: unknown; details?: unknown } | undefined): AppError {
  if (status === 401)
    return new AppError('unauthorized', 'The cloud no longer takes your token. Sign in there and connect again.', {
      reason: 'cloud_token',
    });
  const words = typeof body?.detail === 'string' ? body.detail : `status ${status}`;
  const code = CODES[status] ?? (status >= 500 || status === 429 ? 'unavailable' : 'invalid');
  return new AppError(code, `The cloud says: ${words}`, body?.details);
}

const CODES: Readonly<Record<number, ErrorCode>> = { 403: 'unauthorized', 404: 'not_found', 409: 'conflict' };
