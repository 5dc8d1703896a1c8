import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Id, Instant, JsonObject, list, text, whole } from './fields.js';
import * as happened from './projects-events.js';
import { OnProject } from './projects-fields.js';
import { memberChanged, memberJoined, memberLeft, projectTransferred } from './projects-members.js';

/** Webhooks: where a project's events are sent, signed, and what came of each. */

/** What a webhook can be told of; `*` stands for all of it. */
export const WEBHOOK_EVENTS: readonly string[] = [
  happened.commitCreated,
  happened.branchCreated,
  happened.branchMoved,
  happened.branchRenamed,
  happened.branchDeleted,
  happened.branchProtected,
  happened.tagCreated,
  happened.tagDeleted,
  happened.releaseWritten,
  happened.mergeRequestOpened,
  happened.mergeRequestUpdated,
  happened.mergeRequestReviewed,
  happened.mergeRequestMerged,
  happened.mergeRequestClosed,
  happened.commentMade,
  happened.threadSettled,
  happened.projectVisibilityChanged,
  projectTransferred,
  memberJoined,
  memberChanged,
  memberLeft,
].map(({ name }) => name);

const EventName = text({ max: 100 }).refine((name) => name === '*' || WEBHOOK_EVENTS.includes(name), {
  error: `An event is one of *, ${WEBHOOK_EVENTS.join(', ')}`,
});
const Events = list(EventName, 50).min(1, 'At least one event is expected');
const Url = text({ min: 1, max: 2000 });
const Description = text({ max: 500 });
const OnWebhook = { ...OnProject, webhook_id: Id };

export const Webhook = z
  .object({
    id: z.string(),
    project_id: z.string(),
    url: z.string(),
    description: z.string().nullable(),
    events: z.array(z.string()),
    is_active: z.boolean(),
    /** Since when nothing reached it; after three days it is paused. */
    failing_since: Instant.nullable(),
    paused_at: Instant.nullable(),
    created_by: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.input<typeof Webhook>;

/** `secret` signs what is sent; it is shown this once. */
export const WebhookWithSecret = Webhook.extend({ secret: z.string() }).meta({ id: 'WebhookWithSecret' });

export const WebhookDelivery = z
  .object({
    id: z.string(),
    webhook_id: z.string(),
    event: z.string(),
    status: z.enum(['waiting', 'succeeded', 'failed']),
    attempts: z.number().int(),
    next_attempt_at: Instant.nullable(),
    redelivery_of: z.string().nullable(),
    response_status: z.number().int().nullable(),
    error: z.string().nullable(),
    duration_ms: z.number().int().nullable(),
    created_at: Instant,
    finished_at: Instant.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

/** With what was sent, and the beginning of what was answered. */
export const WebhookDeliveryDetails = WebhookDelivery.extend({
  body: JsonObject,
  response_body: z.string().nullable(),
}).meta({ id: 'WebhookDeliveryDetails' });

export const createWebhook = operation(
  'projects.createWebhook',
  z.object({ ...OnProject, url: Url, events: Events.default(['*']), description: Description.nullish() }),
  WebhookWithSecret,
);
export const listWebhooks = operation('projects.listWebhooks', z.object(OnProject), z.array(Webhook));
/** Changes what is given; `is_active` true also ends a pause. */
export const updateWebhook = operation(
  'projects.updateWebhook',
  z.object({
    ...OnWebhook,
    url: Url.optional(),
    events: Events.optional(),
    description: Description.nullable().optional(),
    is_active: Flag.optional(),
  }),
  Webhook,
);
export const rotateWebhookSecret = operation('projects.rotateWebhookSecret', z.object(OnWebhook), WebhookWithSecret);
export const deleteWebhook = operation('projects.deleteWebhook', z.object(OnWebhook), z.object({ ok: z.boolean() }));
/** Sends a greeting, so that one sees whether it arrives. */
export const pingWebhook = operation('projects.pingWebhook', z.object(OnWebhook), WebhookDelivery);
export const listWebhookDeliveries = operation(
  'projects.listWebhookDeliveries',
  z.object({
    ...OnWebhook,
    status: z.enum(['waiting', 'succeeded', 'failed']).optional(),
    after: text({ max: 200 }).optional(),
    limit: whole({ min: 1, max: 100, clamp: true }).default(50),
  }),
  z.object({ items: z.array(WebhookDelivery), next: z.string().nullable() }).meta({ id: 'WebhookDeliveryPage' }),
);
const OnDelivery = z.object({ ...OnWebhook, delivery_id: Id });
export const getWebhookDelivery = operation('projects.getWebhookDelivery', OnDelivery, WebhookDeliveryDetails);
/** Sends the same body again, signed anew. */
export const redeliverWebhook = operation('projects.redeliverWebhook', OnDelivery, WebhookDelivery);
