import amqp from 'amqplib';
import pg from 'pg';
import { SERVICES } from '#libs/contracts/contract';

export interface TestBroker {
  readonly url: string;
  close(): Promise<void>;
}

/** Any number that nobody else locks on the server of the tests. */
const LOCK = 730502094;

/**
 * The RabbitMQ of RABBITMQ_URL, for one test file at a time: services of two files under the same names would answer
 * each other's questions. Waits for the file that has it, so call it in a `beforeAll` with `BROKER_WAIT_MS` more.
 */
export async function testBroker(): Promise<TestBroker> {
  const { RABBITMQ_URL: url, DATABASE_URL } = process.env;
  for (const [name, value] of Object.entries({ RABBITMQ_URL: url, DATABASE_URL }))
    if (value === undefined || value === '') throw new Error(`${name} is not set. Run the tests with: npm test`);
  // A lock of PostgreSQL is free again when the process that holds it dies, however it dies.
  const holder = new pg.Client({ connectionString: DATABASE_URL });
  await holder.connect();
  await holder.query('select pg_advisory_lock($1)', [LOCK]);
  await forgetTheDead(url!);
  return { url: url!, close: () => holder.end() };
}

/** How long the longest of the files with a broker may have it. */
export const BROKER_WAIT_MS = 600_000;

/** The queue of a service that was killed stays for seconds, and takes questions that nobody will answer. */
async function forgetTheDead(url: string): Promise<void> {
  const connection = await amqp.connect(url);
  const channel = await connection.createChannel();
  for (const service of SERVICES) await channel.deleteQueue(service);
  await connection.close();
}
