import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
