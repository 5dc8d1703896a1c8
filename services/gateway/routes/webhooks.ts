import * as contract from '#libs/contracts/projects-webhooks';
import { route, type Route } from '../http/route.js';

const ONE = '/projects/:project_id/webhooks/:webhook_id' as const;

/** Where a project's events are sent, and what came of it. */
export const webhookRoutes: readonly Route[] = [
  route('POST /projects/:project_id/webhooks', contract.createWebhook, {
    auth: 'required',
    summary: 'Have events sent to an address; answers with the secret they are signed with, once',
  }),
  route('GET /projects/:project_id/webhooks', contract.listWebhooks, {
    auth: 'required',
    summary: 'The webhooks of a project',
  }),
  route(`PATCH ${ONE}`, contract.updateWebhook, { auth: 'required', summary: 'Change, stop or resume a webhook' }),
  route(`DELETE ${ONE}`, contract.deleteWebhook, { auth: 'required', summary: 'Remove a webhook with its log' }),
  route(`POST ${ONE}/secret`, contract.rotateWebhookSecret, {
    auth: 'required',
    summary: 'Sign with a new secret from now on; answers with it, once',
  }),
  route(`POST ${ONE}/ping`, contract.pingWebhook, { auth: 'required', summary: 'Send a greeting' }),
  route(`GET ${ONE}/deliveries`, contract.listWebhookDeliveries, {
    auth: 'required',
    query: ['status', 'after', 'limit'],
    summary: 'What was sent, newest first',
  }),
  route(`GET ${ONE}/deliveries/:delivery_id`, contract.getWebhookDelivery, {
    auth: 'required',
    summary: 'One delivery, with what was sent and answered',
  }),
  route(`POST ${ONE}/deliveries/:delivery_id/redeliver`, contract.redeliverWebhook, {
    auth: 'required',
    summary: 'Send the same again',
  }),
];
