import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Event } from '#libs/contracts/contract';
import {
  accountChanged,
  branchCreated,
  branchDeleted,
  branchProtected,
  branchRenamed,
  mergeRequestClosed,
  mergeRequestMerged,
  projectCreated,
  projectDeleted,
  projectVisibilityChanged,
  releaseWritten,
  tagCreated,
  tagDeleted,
} from '#libs/contracts/projects-events';
import { memberChanged, memberJoined, memberLeft, projectTransferred } from '#libs/contracts/projects-members';
import { WEBHOOK_EVENTS } from '#libs/contracts/projects-webhooks';
import { tellAfterwards } from '#libs/outbox/outbox';
import { enqueueDeliveries } from '../webhooks/enqueue.js';
import { audit } from './audit.js';

/** What is told and belongs into the log as well; commits and moves of branches have the reflog. */
const AUDITED: ReadonlySet<string> = new Set(
  [
    projectCreated,
    projectDeleted,
    projectVisibilityChanged,
    projectTransferred,
    memberJoined,
    memberChanged,
    memberLeft,
    branchCreated,
    branchRenamed,
    branchDeleted,
    branchProtected,
    tagCreated,
    tagDeleted,
    releaseWritten,
    mergeRequestClosed,
    mergeRequestMerged,
  ].map(({ name }) => name),
);

/** An event with what it tells, checked. */
export interface Telling {
  event: Event;
  payload: { project_id: string };
}

export const telling = <Payload extends z.ZodType<object>>(
  event: Event<Payload>,
  payload: z.input<Payload> & { project_id: string },
): Telling => ({ event: event as unknown as Event, payload });

/**
 * Tells of a change of a project when its transaction commits, to its webhooks too, and writes it into the audit log where
 * it belongs there.
 * Everything in this service is told through here.
 */
export async function announce<Payload extends z.ZodType<object>>(
  manager: EntityManager,
  event: Event<Payload>,
  payload: z.input<Payload> & { project_id: string },
): Promise<void> {
  await tellAfterwards(manager, event, payload);
  await passOn(manager, payload.project_id, [telling(event, payload)]);
}

/** What else belongs to telling events that are written already; where it is known that the project has no webhooks, none is looked for. */
export async function passOn(
  manager: EntityManager,
  projectId: string,
  told: readonly Telling[],
  hasWebhooks = true,
): Promise<void> {
  const wanted = hasWebhooks ? told.filter(({ event }) => WEBHOOK_EVENTS.includes(event.name)) : [];
  if (wanted.length > 0) await enqueueDeliveries(manager, projectId, wanted);
  for (const { event, payload } of told) {
    if (!AUDITED.has(event.name)) continue;
    const { project_id, actor_id, owner_id, ...subject } = payload as Record<string, unknown>;
    await audit(manager, {
      project_id: project_id as string,
      actor_id: (actor_id ?? owner_id ?? null) as string | null,
      action: event.name,
      subject: owner_id === undefined ? subject : { ...subject, owner_id },
    });
  }
}

/** Tells that an account was closed or opened: others keep tokens and trust of people by their ids; they have to hear when one is no longer let in. */
export async function announceAccount(manager: EntityManager, user_id: string, is_active: boolean): Promise<void> {
  const [{ now: changed_at }] = await manager.query<[{ now: Date }]>('select clock_timestamp() as now');
  await tellAfterwards(manager, accountChanged, { user_id, is_active, changed_at });
}
