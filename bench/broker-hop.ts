import 'reflect-metadata';
import { fork } from 'node:child_process';
import { Agent, request } from 'node:http';
import amqp from 'amqplib';
import { startService } from '#libs/bootstrap/start-service';
import { CommonConfig } from '#libs/config/common-config';
import { Broker } from '#libs/messaging/broker';
import { InProcessCarrier } from '#libs/messaging/in-process';
import { RabbitCarrier } from '#libs/messaging/rabbit';
import { createLog } from '#libs/observability/logger';
import { echo, EchoModule } from './broker-hop/echo.js';

/** What the hop over RabbitMQ costs: the same question to another process by RabbitMQ and by plain HTTP, and within this process. */
const CONTENT = { hello: 'world', n: 1, list: [1, 2, 3] };
const ROUNDS = 5;
const CALLS = 1500;

const peer = fork(new URL('broker-hop/peer.js', import.meta.url));
const port = await new Promise<number>((resolve) => peer.once('message', (message) => resolve(message as number)));
const quiet = { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' };
const local = await startService(
  { name: 'media', config: CommonConfig, load: async () => EchoModule },
  { ...quiet, RABBITMQ_URL: 'in-process:bench' },
);
const rabbit = new RabbitCarrier(
  process.env.RABBITMQ_URL!,
  createLog({ service: 'bench', level: 'silent', format: 'json' }),
);
await rabbit.connect();
const overRabbit = new Broker(rabbit);
const inProcess = new Broker(new InProcessCarrier('in-process:bench'));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const PEER = 'HTTP, fetch';
const WAYS: Record<string, () => Promise<unknown>> = {
  'in process': () => inProcess.call(echo, CONTENT),
  [PEER]: () => overFetch(),
  'HTTP, bare http.request': () => overHttp(),
  'RabbitMQ, bare amqplib': await bareAmqp(),
  'RabbitMQ, our service': () => overRabbit.call(echo, CONTENT),
};

async function overFetch(): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body: JSON.stringify(CONTENT) })).json();
}

function overHttp(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method: 'POST', agent, headers: { 'content-type': 'application/json' } };
    const asked = request(options, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve(JSON.parse(body)));
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(CONTENT));
  });
}

/** The least that a question and answer over RabbitMQ can cost: no validation, no acknowledgement, no exchange. */
async function bareAmqp(): Promise<() => Promise<unknown>> {
  const connection = await amqp.connect(process.env.RABBITMQ_URL!, { noDelay: true });
  const channel = await connection.createChannel();
  const waiting = new Map<string, (answer: unknown) => void>();
  let sequence = 0;
  await channel.consume(
    'amq.rabbitmq.reply-to',
    (reply) => waiting.get(String(reply?.properties.correlationId))?.(JSON.parse(reply!.content.toString())),
    { noAck: true },
  );
  return () =>
    new Promise((resolve) => {
      const correlationId = String(++sequence);
      waiting.set(correlationId, (answer) => {
        waiting.delete(correlationId);
        resolve(answer);
      });
      const asked = Buffer.from(JSON.stringify(CONTENT));
      channel.sendToQueue('bench.bare', asked, { replyTo: 'amq.rabbitmq.reply-to', correlationId });
    });
}

/** Times of single calls, and calls a second with `lanes` at once; rounds of all ways alternate, so that they share the weather. */
async function measure(
  way: () => Promise<unknown>,
  lanes: number,
  calls: number,
): Promise<{ times: number[]; seconds: number }> {
  const times: number[] = [];
  let left = calls;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (left-- > 0) {
        const asked = performance.now();
        await way();
        times.push(performance.now() - asked);
      }
    }),
  );
  return { times, seconds: (performance.now() - begun) / 1000 };
}

const single = new Map(Object.keys(WAYS).map((name) => [name, [] as number[]]));
const rates = new Map(Object.keys(WAYS).map((name) => [name, [] as number[]]));
for (const way of Object.values(WAYS)) await measure(way, 8, 1000);
for (let round = 0; round < ROUNDS; round++)
  for (const [name, way] of Object.entries(WAYS)) {
    single.get(name)!.push(...(await measure(way, 1, CALLS)).times);
    const { seconds } = await measure(way, 32, 4 * CALLS);
    rates.get(name)!.push((4 * CALLS) / seconds);
  }

const quantile = (values: number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;
const figures = (name: string) => [
  quantile(single.get(name)!, 0.5),
  quantile(single.get(name)!, 0.99),
  quantile(rates.get(name)!, 0.5),
];
const peerFigures = figures(PEER);
console.log(`\n${''.padEnd(24)}   p50 ms  × fetch    p99 ms  × fetch  calls/s at 32  × fetch`);
for (const name of Object.keys(WAYS)) {
  const cells = figures(name).flatMap((figure, place) => [
    place === 2 ? figure.toFixed(0).padStart(10) : figure.toFixed(3),
    (figure / peerFigures[place]!).toFixed(2),
  ]);
  console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(9)).join(''));
}
console.log('\nThe aim: our service over RabbitMQ at most 3 × plain HTTP by fetch, p50 and p99.');
agent.destroy();
await rabbit.close();
await local.close();
peer.kill();
process.exit(0);
