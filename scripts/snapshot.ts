import { CommonConfig } from '#libs/config/common-config';
import { readConfig } from '#libs/config/read-config';
import { buildSnapshotNow } from '#libs/contracts/intel-snapshots';
import { Broker } from '#libs/messaging/broker';
import { RabbitCarrier } from '#libs/messaging/rabbit';
import { createLog } from '#libs/observability/logger';

/** `npm run snapshot`: asks the intel service to build and publish the snapshots now, for a CronJob; needs RABBITMQ_URL. */
const url = addressOfTheBroker();
const carrier = new RabbitCarrier(url, createLog({ service: 'snapshot', level: 'warn', format: 'json' }));
await carrier.connect();
try {
  const system = { user_id: '00000000-0000-0000-0000-000000000000', role: 'admin', session_id: null } as const;
  const { version, state, figures } = await new Broker(carrier).call(buildSnapshotNow, {}, system);
  console.log(`snapshot ${version} ${state} ${JSON.stringify(figures)}`);
} catch (error) {
  process.stderr.write(`No snapshot was published: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await carrier.close();
}

function addressOfTheBroker(): string {
  try {
    const shape = () => ({ RABBITMQ_URL: CommonConfig('cloud').RABBITMQ_URL });
    return readConfig(shape, process.env).RABBITMQ_URL;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nA local platform builds by itself.\n`);
    process.exit(1);
  }
}
