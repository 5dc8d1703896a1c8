import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerUnreadable } from './unreadable-request.js';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/slow') response.write('half of an answer');
    else response.end('well');
  });
  server.on('clientError', (error: Error & { code?: string }, socket) => answerUnreadable(error, socket as never));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function raw(...parts: (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const part of parts) socket.write(part);
  return text(socket);
}
const read = (answer: string) => ({
  status: Number(answer.slice(9, 12)),
  length: Number(/content-length: (\d+)/i.exec(answer)?.[1]) - Buffer.byteLength(answer.slice(answer.indexOf('\r\n\r\n') + 4)),
  body: JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as unknown,
}); // prettier-ignore

test.each([
  ['an address in plain UTF-8', 'GET /v1/alias/resolve?q=你好 HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'percent-encode'],
  ['a space in the address', 'GET /v1/a b HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'no HTTP request'],
  ['no HTTP', 'HELLO\r\n\r\n', 400, 'no HTTP request'],
  ['a header without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(400_000)}`, 431, 'shorter'],
])('%s is answered with what to do', async (_what, request, status, words) => {
  const answer = read(await raw(request));
  expect(answer).toMatchObject({ status, length: 0, body: { detail: expect.stringContaining(words) as string, code: 'invalid' } }); // prettier-ignore
});

test('what comes behind it is not answered again', async () => {
  const answer = await raw('HELLO\r\n\r\n', 'HELLO\r\n\r\n', Buffer.alloc(200_000, 0x41));
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test('nothing is written into an answer that is on its way', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  let got = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (got += chunk)).on('error', () => undefined); // prettier-ignore
  while (!got.includes('half')) await once(socket, 'data');
  socket.write('HELLO\r\n\r\n');
  await once(socket, 'close');
  expect(got.match(/HTTP\/1\.1/g)).toHaveLength(1);
});
