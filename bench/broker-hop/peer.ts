import { createServer } from 'node:http';
import amqp from 'amqplib';
import type { AddressInfo } from 'node:net';
import { startService } from '#libs/bootstrap/start-service';
import { CommonConfig } from '#libs/config/common-config';
import { EchoModule } from './echo.js';

/** The other process: the same echo as a service behind RabbitMQ, as a bare consumer, and as a plain HTTP server. Tells its port when both are up. */
await startService(
  { name: 'media', config: CommonConfig, load: async () => EchoModule },
  { RABBITMQ_URL: process.env.RABBITMQ_URL, LOG_LEVEL: 'silent', LOG_FORMAT: 'json' },
);
const channel = await (await amqp.connect(process.env.RABBITMQ_URL!, { noDelay: true })).createChannel();
await channel.assertQueue('bench.bare', { durable: true, autoDelete: true });
await channel.consume(
  'bench.bare',
  (asked) => {
    if (!asked) return;
    const { replyTo, correlationId } = asked.properties as { replyTo: string; correlationId: string };
    channel.publish('', replyTo, Buffer.from(JSON.stringify(JSON.parse(asked.content.toString()))), { correlationId });
  },
  { noAck: true },
);
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(JSON.parse(body)));
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
