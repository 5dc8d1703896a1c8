import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { CommonConfig } from '#libs/config/common-config';
import type { Config } from '#libs/config/read-config';
import { Broker } from '#libs/messaging/broker';
import { InProcessCarrier } from '#libs/messaging/in-process';
import type { Carrier } from '#libs/messaging/message';
import { RabbitCarrier } from '#libs/messaging/rabbit';
import { Health } from '#libs/observability/health';
import { createLog, type Log } from '#libs/observability/logger';
import { startProcessMetrics } from '#libs/observability/metrics';
import { startOpsServer } from '#libs/observability/ops-server';
import { CARRIER, CONFIG, HEALTH, LOG, SERVICE } from './tokens.js';

/** What stands under every process: log, carrier, broker, health, and the operators' door. */
export interface Foundation {
  readonly log: Log;
  readonly carrier: Carrier;
  readonly health: Health;
  readonly root: DynamicModule;
  close(): Promise<void>;
}

/** Lays the foundation of a process and wraps its module, so that everything in `tokens` can be injected into it. */
export async function layFoundation(
  name: string,
  config: Config<typeof CommonConfig>,
  module: Type,
): Promise<Foundation> {
  startProcessMetrics();
  const log = createLog({ service: name, level: config.LOG_LEVEL, format: config.LOG_FORMAT });
  const carrier = carrierFor(config.RABBITMQ_URL, log);
  const health = new Health();
  health.add({ name: 'broker', check: async () => carrier.trouble() });
  const ops =
    config.OPS_PORT === undefined
      ? undefined
      : await startOpsServer({ health, host: config.OPS_HOST, port: config.OPS_PORT });
  await carrier.connect();
  const providers = [
    { provide: SERVICE, useValue: name },
    { provide: CONFIG, useValue: config },
    { provide: LOG, useValue: log },
    { provide: CARRIER, useValue: carrier },
    { provide: HEALTH, useValue: health },
    { provide: Broker, useValue: new Broker(carrier) },
  ];
  return {
    log,
    carrier,
    health,
    root: { module: RootModule, global: true, imports: [module], providers, exports: providers },
    close: async () => {
      await carrier.close();
      ops?.close();
    },
  };
}

@Module({})
class RootModule {}

function carrierFor(url: string, log: Log): Carrier {
  return url.startsWith('in-process') ? new InProcessCarrier(url) : new RabbitCarrier(url, log);
}
