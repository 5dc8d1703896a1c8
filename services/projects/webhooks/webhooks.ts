import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type {
  createWebhook,
  listWebhookDeliveries,
  redeliverWebhook,
  updateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryDetails,
  WebhookWithSecret,
} from '#libs/contracts/projects-webhooks';
import { AppError } from '#libs/errors/app-error';
import { Outbound } from '#libs/outbound/outbound';
import { Keyring } from '#libs/sealing/keyring';
import { parseExact } from '#libs/timeline/exact-json';
import { Access } from '../access/access.js';
import { audit } from '../audit/audit.js';
import { isUuid } from '../domain/uuid.js';
import { webhookBody } from './enqueue.js';
import type { WebhookDeliveryEntity, WebhookEntity } from './webhook.entities.js';

const MOST = 20;

/** The place a webhook's secret is sealed for. */
export const secretPlace = (id: string) => `webhooks.secret:${id}`;

/** Webhooks of a project, for those who maintain it: where to, what of, and what came of it. */
@Injectable()
export class Webhooks {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
    private readonly outbound: Outbound,
    private readonly keyring: Keyring,
  ) {}

  /** Gives the secret with it, once: at rest it is sealed. */
  async create(caller: Caller, wish: InputOf<typeof createWebhook>): Promise<z.input<typeof WebhookWithSecret>> {
    const { href } = this.outbound.check(wish.url);
    return this.changing(caller, wish.project_id, async (manager, project_id) => {
      const [known] = await manager.query<{ count: number }[]>(
        'select count(*)::int as count from webhooks where project_id = $1',
        [project_id],
      );
      if (known!.count >= MOST)
        throw new AppError('conflict', `A project has at most ${MOST} webhooks; remove one first.`);
      const [id, secret] = [randomUUID(), newSecret()];
      const [made] = await manager.query<WebhookEntity[]>(
        `insert into webhooks (id, project_id, url, description, events, secret, created_by)
         values ($1, $2, $3, $4, $5, $6, $7) returning *`,
        [
          id,
          project_id,
          href,
          wish.description ?? null,
          wish.events,
          this.keyring.seal(secret, secretPlace(id)),
          caller.user_id,
        ],
      );
      await this.note(manager, caller, 'Created', made!);
      return { ...made!, secret };
    });
  }

  async list(caller: Caller, projectId: string): Promise<Webhook[]> {
    const { project } = await this.access.toProject(this.database.manager, caller, projectId, 'readWebhooks');
    return this.database.query<Webhook[]>('select * from webhooks where project_id = $1 order by seq', [project.id]);
  }

  async update(caller: Caller, { webhook_id, ...wish }: InputOf<typeof updateWebhook>): Promise<Webhook> {
    const url = wish.url === undefined ? null : this.outbound.check(wish.url).href;
    return this.changing(caller, wish.project_id, async (manager, project_id) => {
      await this.find(manager, project_id, webhook_id);
      const [rows] = await manager.query<[WebhookEntity[], number]>(
        `update webhooks set url = coalesce($2, url), events = coalesce($3, events),
           description = case when $4 then $5 else description end, is_active = coalesce($6, is_active),
           paused_at = case when $6 then null else paused_at end, failing_since = case when $6 then null else failing_since end
         where id = $1 returning *`,
        [
          webhook_id,
          url,
          wish.events ?? null,
          wish.description !== undefined,
          wish.description ?? null,
          wish.is_active ?? null,
        ],
      );
      await this.note(manager, caller, 'Changed', rows[0]!);
      return rows[0]!;
    });
  }

  async rotate(caller: Caller, projectId: string, id: string): Promise<z.input<typeof WebhookWithSecret>> {
    return this.changing(caller, projectId, async (manager, project_id) => {
      const webhook = await this.find(manager, project_id, id);
      const secret = newSecret();
      await manager.query('update webhooks set secret = $2 where id = $1', [
        id,
        this.keyring.seal(secret, secretPlace(id)),
      ]);
      await this.note(manager, caller, 'SecretRotated', webhook);
      return { ...webhook, secret };
    });
  }

  async delete(caller: Caller, projectId: string, id: string): Promise<void> {
    await this.changing(caller, projectId, async (manager, project_id) => {
      const webhook = await this.find(manager, project_id, id);
      await manager.query('delete from webhooks where id = $1', [id]);
      await this.note(manager, caller, 'Deleted', webhook);
    });
  }

  async ping(caller: Caller, projectId: string, id: string): Promise<z.input<typeof WebhookDelivery>> {
    return this.changing(caller, projectId, async (manager, project_id) => {
      await this.find(manager, project_id, id);
      const body = webhookBody('projects.ping', project_id, { webhook_id: id });
      return this.insert(manager, { webhook_id: id, event: 'projects.ping', body, redelivery_of: null });
    });
  }

  async deliveries(
    caller: Caller,
    wish: InputOf<typeof listWebhookDeliveries>,
  ): Promise<OutputOf<typeof listWebhookDeliveries>> {
    const manager = this.database.manager;
    const { project } = await this.access.toProject(manager, caller, wish.project_id, 'readWebhooks');
    const { id } = await this.find(manager, project.id, wish.webhook_id);
    const rows = await manager.query<WebhookDeliveryEntity[]>(
      `select * from webhook_deliveries where webhook_id = $1 and ($2::text is null or status = $2)
         and ($3::uuid is null or seq < (select seq from webhook_deliveries where id = $3 and webhook_id = $1))
       order by seq desc limit $4`,
      [id, wish.status ?? null, wish.after === undefined ? null : knownCursor(wish.after), wish.limit + 1],
    );
    const items = rows.slice(0, wish.limit).map((row) => shown(row));
    return { items, next: rows.length > wish.limit ? items.at(-1)!.id : null };
  }

  async delivery(caller: Caller, wish: OnDelivery): Promise<z.input<typeof WebhookDeliveryDetails>> {
    const manager = this.database.manager;
    const { project } = await this.access.toProject(manager, caller, wish.project_id, 'readWebhooks');
    const row = await this.findDelivery(manager, project.id, wish);
    return { ...shown(row), body: parseExact(row.body) as Record<string, unknown>, response_body: row.response_body };
  }

  async redeliver(caller: Caller, wish: OnDelivery): Promise<z.input<typeof WebhookDelivery>> {
    return this.changing(caller, wish.project_id, async (manager, project_id) => {
      const row = await this.findDelivery(manager, project_id, wish);
      return this.insert(manager, { ...row, redelivery_of: row.id });
    });
  }

  private changing<T>(
    caller: Caller,
    projectId: string,
    work: (manager: EntityManager, project_id: string) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, projectId, 'manageWebhooks');
      return work(manager, project.id);
    });
  }

  private async insert(
    manager: EntityManager,
    row: Pick<WebhookDeliveryEntity, 'webhook_id' | 'event' | 'body' | 'redelivery_of'>,
  ): Promise<z.input<typeof WebhookDelivery>> {
    const [made] = await manager.query<WebhookDeliveryEntity[]>(
      'insert into webhook_deliveries (webhook_id, event, body, redelivery_of) values ($1, $2, $3, $4) returning *',
      [row.webhook_id, row.event, row.body, row.redelivery_of],
    );
    return shown(made!);
  }

  private async find(manager: EntityManager, projectId: string, id: string): Promise<WebhookEntity> {
    const [found] = isUuid(id)
      ? await manager.query<WebhookEntity[]>('select * from webhooks where id = $1 and project_id = $2', [
          id,
          projectId,
        ])
      : [];
    if (!found) throw new AppError('not_found', 'Webhook not found');
    return found;
  }

  private async findDelivery(
    manager: EntityManager,
    projectId: string,
    wish: OnDelivery,
  ): Promise<WebhookDeliveryEntity> {
    const { id } = await this.find(manager, projectId, wish.webhook_id);
    const [found] = isUuid(wish.delivery_id)
      ? await manager.query<WebhookDeliveryEntity[]>(
          'select * from webhook_deliveries where id = $1 and webhook_id = $2',
          [wish.delivery_id, id],
        )
      : [];
    if (!found) throw new AppError('not_found', 'Delivery not found');
    return found;
  }

  private note(manager: EntityManager, caller: Caller, what: string, webhook: WebhookEntity): Promise<void> {
    const { id, project_id, url, events, is_active } = webhook;
    const subject = { webhook_id: id, url: withoutQuery(url), events, is_active };
    return audit(manager, { actor_id: caller.user_id, project_id, action: `projects.webhook${what}`, subject });
  }
}

type OnDelivery = InputOf<typeof redeliverWebhook>;

const newSecret = () => `whsec_${randomBytes(32).toString('base64url')}`;

/** What stands behind the question mark of an address is often a key, and the log is for ever. */
const withoutQuery = (url: string) => url.replace(/\?.*$/s, '?…');

function knownCursor(after: string): string {
  if (!isUuid(after))
    throw new AppError('invalid', '"after" is the "next" of the page before; begin again without it.');
  return after;
}

function shown(row: WebhookDeliveryEntity): z.input<typeof WebhookDelivery> {
  return { ...row, next_attempt_at: row.status === 'waiting' ? row.next_attempt_at : null };
}
