import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { SnapshotClock } from '#libs/snapshot/world';
import { eventually } from '#libs/testing/child-process';
import { MemoryHost, Publisher } from '#libs/testing/snapshot-world';
import { serveStatic, type StaticHost } from '#libs/testing/static-host';
import { systemClock } from '../../snapshots/system-clock.js';
import { CommandLine } from '../command-line.js';
import { programFor } from '../program.js';
import { Terminal } from '../terminal.js';

const ironMan = {
  title: 'Iron Man',
  year: 2008,
  type: 'movie',
  tmdb_id: 1726,
  release_key: 'iron-man-2008-movie',
  aliases: ['钢铁侠'],
};
const alias = { 'iron man': ironMan, ironman: ironMan, 钢铁侠: ironMan };
const index = {
  'iron-man-2008-movie': {
    release_key: 'iron-man-2008-movie',
    sites: [{ site: 'hdsky', score: 87.5, last_seen: '2026-01-01T00:00:00.000Z' }],
  },
};
const made = mkdtempSync(join(tmpdir(), 'evidverse-vabhub-'));
const host = new MemoryHost();
let publisher: Publisher;
let served: StaticHost;
beforeAll(async () => {
  publisher = await Publisher.start(host, systemClock);
  await publisher.publish({ alias, index });
  served = await serveStatic(host);
});
afterAll(async () => {
  await served.close();
  rmSync(made, { recursive: true, force: true });
});

/** Runs the command as a terminal does: what it said, and how it ended. */
const run = (...args: string[]) => runAt(systemClock, [], ...args);
async function runAt(
  clock: SnapshotClock,
  said: string[],
  ...args: string[]
): Promise<{ said: string[]; exit: number }> {
  const stream = new Writable({ write: (text: Buffer, _, done) => done(void said.push(text.toString().trimEnd())) });
  const environment = { server: undefined, token: undefined, password: undefined, home: made };
  const line = new CommandLine(environment, new Terminal(Readable.from([]), stream, stream), '0.0.0', clock);
  await programFor(line).parseAsync(['fetch', ...args], { from: 'user' });
  return { said, exit: line.exit };
}
const fetchTo = (folder: string, ...more: string[]) => run('--to', folder, '--from', served.url, ...more);
const read = (folder: string, name: string) =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, Record<string, unknown>>;

test('an unmodified VabHub finds its two bare maps, and answers as its local service does', async () => {
  const folder = join(made, 'intel');
  expect(await fetchTo(folder)).toEqual({
    said: [
      expect.stringMatching(
        /^snapshot 1, .* old: wrote aliases.json and index.json; start VabHub anew to have them read$/,
      ),
    ],
    exit: 0,
  });
  const [aliases, sites] = [read(folder, 'aliases.json'), read(folder, 'index.json')];
  for (const asked of ['Iron Man', ' IRON MAN ', '钢铁侠'])
    expect(aliases[asked.trim().toLowerCase()]).toEqual(ironMan);
  expect(aliases['Iron  Man'.toLowerCase().replaceAll(' ', '')]).toEqual(ironMan);
  for (const [key, value] of Object.entries(aliases))
    expect([key, value.title]).toEqual([key.trim().toLowerCase(), expect.any(String)]);
  const entry = sites['iron-man-2008-movie'] as { sites: { site: unknown; score: unknown }[] };
  for (const { site, score } of entry.sites) expect([typeof site, typeof score]).toEqual(['string', 'number']);
});

test('only what has changed is written, and never half of it', async () => {
  const folder = join(made, 'again');
  await fetchTo(folder);
  const before = statSync(join(folder, 'index.json')).ino;
  expect((await fetchTo(folder)).said).toEqual([expect.stringMatching(/^snapshot 1, .* old: nothing new$/)]);
  await publisher.publish({ alias: { ...alias, 'iron man 1': ironMan }, index });
  expect((await fetchTo(folder)).said[0]).toMatch(/^snapshot 2.*wrote aliases.json;/);
  expect(statSync(join(folder, 'index.json')).ino).toBe(before);
  expect(readdirSync(folder).sort()).toEqual(['.evidverse', 'aliases.json', 'index.json']);
});

test('with the host gone the files stay, and are made again from what is held when they are lost', async () => {
  const folder = join(made, 'offline');
  await fetchTo(folder);
  const whole = readFileSync(join(folder, 'aliases.json'), 'utf8');
  writeFileSync(join(folder, 'aliases.json'), '{"torn":');
  const { said, exit } = await run('--to', folder, '--from', 'http://127.0.0.1:9/');
  expect(said[0]).toMatch(/^A newer snapshot is not to be had/);
  expect(exit).toBe(0);
  expect(said[1]).toMatch(/wrote aliases.json;/);
  expect(readFileSync(join(folder, 'aliases.json'), 'utf8')).toBe(whole);
  const nothing = await run('--to', join(made, 'nothing'), '--from', 'http://127.0.0.1:9/');
  expect(nothing).toEqual({ said: [expect.stringContaining('cannot be reached')], exit: 1 });
});

test('a host whose keys are not those of the root that was given is refused, and nothing of it is written', async () => {
  const folder = join(made, 'stranger');
  const root = join(made, 'root.json');
  const other = await Publisher.start(new MemoryHost(), systemClock);
  writeFileSync(root, JSON.stringify(other.root));
  expect(await fetchTo(folder, '--root', root)).toMatchObject({ exit: 1 });
  expect(existsSync(join(folder, 'aliases.json'))).toBe(false);
  writeFileSync(root, JSON.stringify(publisher.root));
  expect((await fetchTo(folder, '--root', root)).said.at(-1)).toMatch(/wrote aliases.json and index.json/);
});

test('with --every it goes on, over a host that is away, until it is asked to end', async () => {
  const folder = join(made, 'every');
  const [said, waits]: [string[], number[]] = [[], []];
  let go = () => undefined as void;
  const clock: SnapshotClock = {
    now: () => new Date(),
    wait: (ms, signal) => {
      // Waiting for a slow host is another matter.
      if (ms < 600_000) return systemClock.wait(ms, signal);
      waits.push(ms / 60_000);
      return new Promise((resolve) => {
        go = resolve;
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
  const round = (count: number) => eventually(() => Promise.resolve(waits.length === count));
  const going = runAt(clock, said, '--to', folder, '--from', served.url, '--every', '60');
  await round(1);
  expect(read(folder, 'aliases.json')).toHaveProperty('ironman');
  const pointer = host.files.get('pointer.json')!;
  host.files.delete('pointer.json');
  go();
  await round(2);
  host.files.set('pointer.json', pointer);
  await publisher.publish({ alias: { ...alias, 'iron man the first': ironMan }, index });
  go();
  await round(3);
  expect(read(folder, 'aliases.json')).toHaveProperty(['iron man the first']);
  process.emit('SIGTERM');
  expect((await going).exit).toBe(0);
  expect(said.map((line) => /wrote|newer snapshot is|nothing new/.exec(line)?.[0])).toEqual([
    'wrote',
    'newer snapshot is',
    'nothing new',
    'wrote',
  ]);
  for (const minutes of waits) expect([minutes >= 54, minutes <= 66]).toEqual([true, true]);
});

test('on a full disk the old files stay, nothing half-written stays, and the next time all is well', async () => {
  const folder = join(made, 'full');
  await fetchTo(folder);
  writeFileSync(join(folder, 'aliases.json'), '{"old":{}}');
  symlinkSync('/dev/full', join(folder, 'aliases.json.new'));
  const { said, exit } = await fetchTo(folder);
  expect({ exit, said: said.join() }).toEqual({
    exit: 1,
    said: expect.stringContaining('aliases.json.new cannot be written: its disk has no room') as string,
  });
  expect(read(folder, 'aliases.json')).toEqual({ old: {} });
  expect(readdirSync(folder).sort()).toEqual(['.evidverse', 'aliases.json', 'index.json']);
  expect((await fetchTo(folder)).exit).toBe(0);
  expect(read(folder, 'aliases.json')).toHaveProperty('iron man', ironMan);
});

test('an address that is none is told as one', async () => {
  const { said, exit } = await run('--to', join(made, 'nowhere'), '--from', 'nonsense');
  expect({ exit, said: said.join() }).toEqual({
    exit: 1,
    said: expect.stringContaining('nonsense is not the address') as string,
  });
});
