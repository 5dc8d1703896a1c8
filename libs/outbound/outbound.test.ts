import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { readAllowList } from './allow-list.js';
import { Outbound } from './outbound.js';
import { isPublicAddress } from './public-address.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

/** A server on this machine, with what it was asked. */
async function listening(answer: Answer) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ close: () => void (server.closeAllConnections(), server.close()) });
  const { port } = server.address() as AddressInfo;
  return { asked, port, url: `http://127.0.0.1:${port}` };
}

const saying =
  (text: string): Answer =>
  (_request, response) =>
    void response.end(text);
const allowing = (text: string) => readAllowList(text).list;
const resolvingTo = (...addresses: string[]) =>
  new Outbound(allowing(''), (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );
const refused = { code: 'invalid', details: { reason: 'outbound_refused' } };

test.each([
  'file:///etc/passwd',
  'ftp://example.org/',
  'gopher://example.org/',
  'data:text/plain,hello',
  'javascript:alert(1)',
  'not an address',
  'http://user:word@example.org/',
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://0/',
  'http://10.1.2.3/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://168.63.129.16/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:53aa:64c::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
])('%s is refused before anything is asked', (address) => {
  expect(() => new Outbound(allowing('')).check(address)).toThrow(expect.objectContaining(refused));
});

test('an address of the internet is taken, whatever its port', () => {
  for (const address of ['https://example.org/hook?a=1', 'http://8.8.8.8:8080/', 'https://[2606:4700::1111]/'])
    expect(new Outbound(allowing('')).check(address).href).toBe(address);
  expect(isPublicAddress('203.0.113.7')).toBe(false);
});

test('a name that leads home is refused when it is resolved, and nobody at home hears of it', async () => {
  const home = await listening(saying('secrets'));
  const url = `http://innocent.example:${home.port}/`;
  await expect(resolvingTo('127.0.0.1').fetch(url)).rejects.toMatchObject(refused);
  await expect(resolvingTo('93.184.216.34', '127.0.0.1').fetch(url)).rejects.toMatchObject(refused);
  await expect(resolvingTo('::ffff:127.0.0.1').fetch(url)).rejects.toMatchObject(refused);
  await expect(new Outbound(allowing('')).fetch(`http://localhost:${home.port}/`)).rejects.toMatchObject(refused);
  expect(home.asked).toHaveLength(0);
});

test('a name that changes its mind between two questions gains nothing', async () => {
  const home = await listening(saying('secrets'));
  const answers = ['93.184.216.34', '127.0.0.1'];
  const outbound = new Outbound(allowing(''), (_host, done) => done(null, [{ address: answers.shift()!, family: 4 }]));
  const url = `http://rebinding.example:${home.port}/`;
  await expect(outbound.fetch(url, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(outbound.fetch(url)).rejects.toMatchObject(refused);
  expect(home.asked).toHaveLength(0);
});

test('what the operator has opened is asked, and only on the port that was opened', async () => {
  const [one, other] = [await listening(saying('one')), await listening(saying('other'))];
  const outbound = new Outbound(allowing(`127.0.0.1:${one.port}, studio.lan`));
  expect((await outbound.fetch(one.url)).body.toString()).toBe('one');
  await expect(outbound.fetch(other.url)).rejects.toMatchObject(refused);
});

test('an allow-list has names, wildcards, addresses, networks and ports, and complains of the rest', () => {
  const { list, complaints } = readAllowList('studio.lan, *.corp.example:8443, 10.1.0.0/16, [fd00::5]:80, fd00::/64');
  expect(complaints).toEqual([]);
  expect(list.hasHost('Studio.LAN.', 1)).toBe(true);
  expect(list.hasHost('not-studio.lan', 1)).toBe(false);
  expect([list.hasHost('a.corp.example', 8443), list.hasHost('a.corp.example', 80)]).toEqual([true, false]);
  expect(list.hasHost('corp.example', 8443)).toBe(false);
  expect([list.hasAddress('10.1.9.9', 5), list.hasAddress('10.2.0.1', 5)]).toEqual([true, false]);
  expect([list.hasAddress('fd00::5', 80), list.hasAddress('fd00::9', 81), list.hasAddress('fd01::', 80)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(readAllowList('http://x, 1.2.3.4/99, a b, 999.1.1.1').complaints).toHaveLength(4);
});

test('a redirect is the answer unless it is to be followed; then each hop is checked, and keys stay behind', async () => {
  const target = await listening(saying('there'));
  const hidden = await listening(saying('secrets'));
  const door = await listening((request, response) => {
    const to = request.url === '/in' ? hidden.url : request.url === '/loop' ? '/loop' : target.url;
    response.writeHead(302, { location: request.url === '/file' ? 'file:///etc/passwd' : to }).end();
  });
  const outbound = new Outbound(allowing(`127.0.0.1:${target.port}, 127.0.0.1:${door.port}`));
  expect((await outbound.fetch(door.url)).status).toBe(302);
  const headers = { authorization: 'Bearer secret', 'x-kept': 'yes' };
  const answer = await outbound.fetch(door.url, { redirects: 3, headers });
  expect([answer.status, answer.body.toString(), answer.url]).toEqual([200, 'there', `${target.url}/`]);
  expect(target.asked[0]!.headers).toMatchObject({ 'x-kept': 'yes' });
  expect(target.asked[0]!.headers.authorization).toBeUndefined();
  for (const path of ['/in', '/file', '/loop'])
    await expect(outbound.fetch(door.url + path, { redirects: 3 })).rejects.toMatchObject(refused);
  await expect(outbound.fetch(door.url, { redirects: 3, method: 'POST', body: 'x' })).rejects.toMatchObject(refused);
  expect(hidden.asked).toHaveLength(0);
});

test('an answer that is too long, never ends or breaks off is given up', async () => {
  const long = await listening((_request, response) => void Readable.from(endless()).pipe(response));
  const silent = await listening(() => {});
  const dripping = await listening((_request, response) => void response.write('a'));
  const broken = await listening((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('a', () => response.destroy());
  });
  const outbound = new Outbound(allowing('127.0.0.1'));
  await expect(outbound.fetch(long.url, { maxBytes: 100_000 })).rejects.toMatchObject({
    code: 'invalid',
    details: { reason: 'too_large' },
  });
  for (const { url } of [silent, dripping])
    await expect(outbound.fetch(url, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('took too long') as string,
    });
  await expect(outbound.fetch(broken.url)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(outbound.fetch('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'unavailable' });
});

test('what is sent arrives whole, from memory or from a stream', async () => {
  const bodies: string[] = [];
  const server = await listening((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(201, { 'x-answer': 'yes' }).end('done');
    });
  });
  const outbound = new Outbound(allowing('127.0.0.1'));
  const answer = await outbound.fetch(server.url, { method: 'POST', body: 'a text' });
  expect([answer.status, answer.headers['x-answer'], answer.body.toString()]).toEqual([201, 'yes', 'done']);
  await outbound.fetch(server.url, { method: 'PUT', body: Readable.from([Buffer.from('in '), Buffer.from('parts')]) });
  expect(bodies).toEqual(['a text', 'in parts']);
});

function* endless() {
  for (;;) yield Buffer.alloc(10_000);
}
