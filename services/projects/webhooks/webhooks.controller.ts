import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-webhooks';
import { Handles } from '#libs/messaging/handles';
import { Webhooks } from './webhooks.js';

@Controller()
export class WebhooksController {
  constructor(private readonly webhooks: Webhooks) {}

  @Handles(contract.createWebhook)
  create(wish: InputOf<typeof contract.createWebhook>, caller: Caller) {
    return this.webhooks.create(caller, wish);
  }

  @Handles(contract.listWebhooks)
  list({ project_id }: InputOf<typeof contract.listWebhooks>, caller: Caller) {
    return this.webhooks.list(caller, project_id);
  }

  @Handles(contract.updateWebhook)
  update(wish: InputOf<typeof contract.updateWebhook>, caller: Caller) {
    return this.webhooks.update(caller, wish);
  }

  @Handles(contract.rotateWebhookSecret)
  rotate({ project_id, webhook_id }: InputOf<typeof contract.rotateWebhookSecret>, caller: Caller) {
    return this.webhooks.rotate(caller, project_id, webhook_id);
  }

  @Handles(contract.deleteWebhook)
  async delete({ project_id, webhook_id }: InputOf<typeof contract.deleteWebhook>, caller: Caller) {
    await this.webhooks.delete(caller, project_id, webhook_id);
    return { ok: true };
  }

  @Handles(contract.pingWebhook)
  ping({ project_id, webhook_id }: InputOf<typeof contract.pingWebhook>, caller: Caller) {
    return this.webhooks.ping(caller, project_id, webhook_id);
  }

  @Handles(contract.listWebhookDeliveries)
  deliveries(wish: InputOf<typeof contract.listWebhookDeliveries>, caller: Caller) {
    return this.webhooks.deliveries(caller, wish);
  }

  @Handles(contract.getWebhookDelivery)
  delivery(wish: InputOf<typeof contract.getWebhookDelivery>, caller: Caller) {
    return this.webhooks.delivery(caller, wish);
  }

  @Handles(contract.redeliverWebhook)
  redeliver(wish: InputOf<typeof contract.redeliverWebhook>, caller: Caller) {
    return this.webhooks.redeliver(caller, wish);
  }
}
