import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { BROKER_WAIT_MS, testBroker, type TestBroker } from '#libs/testing/broker';
import { runServices, type RunningServices } from '#libs/testing/running';
import { ownFolder } from '#libs/testing/seeds/catalogue';
import { intel } from '../services/intel/service.js';

/** The command of the CronJob, as a process of its own, against a platform whose broker is RabbitMQ. */
let broker: TestBroker;
let running: RunningServices;
beforeAll(async () => {
  broker = await testBroker();
  running = await runServices([intel], { ...ownFolder(), INTEL_SNAPSHOT_MINUTES: '0', RABBITMQ_URL: broker.url });
}, BROKER_WAIT_MS + 90_000);
afterAll(async () => {
  await running?.close();
  await broker?.close();
});

function snapshot(environment: Record<string, string>): Promise<{ code: number; out: string; err: string }> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(packageRoot(), 'dist/scripts/snapshot.js')], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

test('a snapshot is built and published when the command asks for it, and once more only when there is news', async () => {
  const environment = { RABBITMQ_URL: broker.url };
  expect(await snapshot(environment)).toMatchObject({ code: 0, out: expect.stringMatching(/^snapshot 1 published \{/) as string }); // prettier-ignore
  expect(await snapshot(environment)).toMatchObject({ code: 0, out: expect.stringMatching(/^snapshot 2 unchanged \{/) as string }); // prettier-ignore
});

test('a command that cannot ask says why, and fails for the CronJob to see', async () => {
  expect(await snapshot({})).toMatchObject({ code: 1, err: expect.stringContaining('RABBITMQ_URL') as string });
});
