import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { systemClock } from '../../snapshots/system-clock.js';
import { CommandLine } from '../command-line.js';
import { programFor } from '../program.js';
import { Terminal } from '../terminal.js';

const made = mkdtempSync(join(tmpdir(), 'evidverse-rules-'));
afterAll(() => rmSync(made, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ said: string; exit: number }> {
  const said: string[] = [];
  const stream = new Writable({ write: (text: Buffer, _, done) => done(void said.push(text.toString().trimEnd())) });
  const environment = { server: undefined, token: undefined, password: undefined, home: made };
  const line = new CommandLine(environment, new Terminal(Readable.from([]), stream, stream), '0.0.0', systemClock);
  await programFor(line).parseAsync(['-C', made, 'rules', ...args], { from: 'user' });
  return { said: said.join('\n'), exit: line.exit };
}

const definition = (id: string, filter: string) => `
id: ${id}
name: ${id}
type: public
links: [https://${id}.example/]
caps: { categories: { All: Other }, modes: { search: [q] } }
settings: []
search:
  paths: [{ path: "find/{{ .Keywords }}" }]
  rows: { selector: tr }
  fields:
    title: { selector: a, filters: [{ name: ${filter} }] }
    download: { selector: a, attribute: href }
`;

test('a folder of definitions is converted: what each loses is told, and the share of those that lose nothing', async () => {
  mkdirSync(join(made, 'definitions'));
  for (const [id, filter] of [
    ['good', 'trim'],
    ['fine', 'tolower'],
    ['odd', 'compile'],
  ] as const)
    writeFileSync(join(made, 'definitions', `${id}.yml`), definition(id, filter));
  writeFileSync(join(made, 'definitions', 'broken.yml'), 'search: [');
  writeFileSync(join(made, 'definitions', 'read-me.txt'), 'not asked for');
  const { said, exit } = await run('convert', 'definitions', '--out', 'rules');
  expect(said).toMatch(/odd\.yml\s+unknown\s+search\.fields\.title\.filters\.0\s+the filter compile is not known/);
  expect(said).toMatch(/broken\.yml\s+refused/);
  expect(said).toContain('2 of 4 definitions without loss (50.0 %).');
  expect(exit).toBe(1);
  expect(JSON.parse(readFileSync(join(made, 'rules', 'good.json'), 'utf8'))).toMatchObject({
    site: 'good',
    domains: ['good.example'],
    parse: { list: { row: 'tr' } },
  });
});

test('one definition is answered as data for programs', async () => {
  writeFileSync(join(made, 'one.yml'), definition('one', 'trim'));
  const { said, exit } = await run('--json', 'convert', 'one.yml');
  expect(JSON.parse(said)).toMatchObject({
    definitions: 1,
    without_loss: 1,
    results: [{ file: 'one.yml', record: { site: 'one' }, losses: [] }],
  });
  expect(exit).toBe(0);
});

test('no definition keeps others from being converted, and none takes the place of another', async () => {
  mkdirSync(join(made, 'odd'));
  mkdirSync(join(made, 'odd', 'a-folder.yml'));
  writeFileSync(join(made, 'odd', 'deep.yml'), `search: ${'['.repeat(50_000)}`);
  writeFileSync(join(made, 'odd', 'first.yml'), definition('Same', 'trim'));
  writeFileSync(join(made, 'odd', 'last.yml'), definition('same', 'tolower'));
  const { said, exit } = await run('convert', 'odd', '--out', 'odd-rules');
  expect(said).toMatch(/a-folder\.yml\s+refused/);
  expect(said).toMatch(/deep\.yml\s+refused\s+The definition is not YAML/);
  expect(said).toMatch(/last\.yml\s+refused\s+id\s+first\.yml is a definition of same already/);
  expect(said).toContain('1 of 4 definitions without loss');
  expect(exit).toBe(1);
  expect(readFileSync(join(made, 'odd-rules', 'same.json'), 'utf8')).toContain('"trim"');
});

test('what is not there is told', async () => {
  expect(await run('convert', 'nowhere.yml')).toEqual({
    said: expect.stringContaining('nowhere.yml cannot be read'),
    exit: 1,
  });
});

const CHINA_IN_GBK = Buffer.from([0xd6, 0xd0, 0xb9, 0xfa]);
const PAGE = (meta: string) =>
  Buffer.concat([
    Buffer.from(`<head>${meta}<title>X</title></head><table><tr><td><a href="d?id=1">`),
    CHINA_IN_GBK,
    Buffer.from('</a></table>'),
  ]);

describe('a site that answers in an old encoding', () => {
  let site: Server;
  let url: string;
  beforeAll(async () => {
    site = createServer((asked, answer) => {
      if (asked.url === '/busy') answer.writeHead(429).end();
      else if (asked.url === '/endless') answer.end(Buffer.alloc(2_100_000, 'x'));
      else if (asked.url === '/said') answer.setHeader('content-type', 'text/html; charset=gbk').end(PAGE(''));
      else answer.end(PAGE('<meta charset="gbk">'));
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    writeFileSync(join(made, 'china.yml'), definition('china', 'trim'));
    await run('convert', 'china.yml', '--out', '.');
  });
  afterAll(() => site.close());

  test('its page is recorded as people read it, with what the rules read on it, and they pass', async () => {
    const without = await run('check', 'china.json');
    expect(without.said).toContain('Record a page: evidverse rules record');
    expect(without.exit).toBe(1);
    expect(await run('record', 'china.json', `${url}/browse`)).toMatchObject({
      exit: 0,
      said: expect.stringContaining('中国'),
    });
    expect(await run('record', 'china.json', `${url}/said`, '--name', 'said')).toMatchObject({
      exit: 0,
      said: expect.stringContaining('中国'),
    });
    const { said, exit } = await run('check', 'china.json', 'china.yml');
    expect(said).toContain('2 of 2 can be proposed. Next: evidverse rules draft');
    expect(exit).toBe(0);
  });

  test('a page that was saved is read instead of the site', async () => {
    writeFileSync(join(made, 'saved.html'), PAGE('<meta charset="gbk">'));
    const { said } = await run(
      'record',
      'china.json',
      'https://china.example/browse',
      '--saved',
      'saved.html',
      '--name',
      'saved',
    );
    expect(said).toContain('https://china.example/d?id=1');
  });

  test('what is read otherwise is told with row and field', async () => {
    const file = join(made, 'china.pages', 'list.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('中国', '中华'));
    const { said, exit } = await run('check', 'china.json');
    expect(said).toContain('list: row 1, title_raw: "中华" expected, "中国" read');
    expect(exit).toBe(1);
  });

  test('a page of that name stays, and what cannot be had or is too long is not kept', async () => {
    expect((await run('record', 'china.json', `${url}/browse`)).said).toContain('There is a page list already');
    expect((await run('record', 'china.json', `${url}/busy`, '--name', 'busy')).said).toContain('answers 429');
    expect((await run('record', 'china.json', `${url}/endless`, '--name', 'endless')).said).toContain('is larger than');
    expect((await run('record', 'china.json', `${url}/browse`, '--name', '../../out')).said).toContain(
      'is no name of a page',
    );
    expect(readdirSync(join(made, 'china.pages')).filter((name) => /busy|endless/.test(name))).toEqual([]);
  });
});

test('every field that is wrong is told, of one file and of the next', async () => {
  writeFileSync(join(made, 'wrong.json'), '{"site":"No","engine":1}');
  writeFileSync(join(made, 'no.json'), '[]');
  const { said, exit } = await run('check', 'wrong.json', 'no.json', 'nowhere.json');
  expect(said).toMatch(/record\.site .*\n.*record\.engine .*\nno\.json:\n.*must be an object/);
  expect(said).toContain('nowhere.json cannot be read');
  expect(said).toContain('0 of 3 can be proposed.');
  expect(exit).toBe(1);
});
