import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { SnapshotClock } from '#libs/snapshot/world';
import { MemoryHost, Publisher, StandingClock } from '#libs/testing/snapshot-world';
import { serveStatic } from '#libs/testing/static-host';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { CommandLine } from '../command-line.js';
import { programFor } from '../program.js';
import { Terminal } from '../terminal.js';

const home = mkdtempSync(join(tmpdir(), 'evidverse-titles-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const KEYS = ['lantern-road-2019-anime', 'lantern-road-s2-2021-anime'];
const titleOf = (n: number) => `Lantern Road${n === 0 ? '' : ' 2'}`;
const byKey = (value: (n: number) => object) => Object.fromEntries(KEYS.map((key, n) => [key, value(n)]));
const contents = {
  titles: Buffer.from(
    buildTitleIndex(
      KEYS.map((release_key, n) => ({ release_key, root: KEYS[0], type: 'anime', year: 2019 + 2 * n, season: n + 1, aliases: [{ title: titleOf(n) }] })), // prettier-ignore
    ),
  ),
  works: byKey((n) => ({ title: titleOf(n), type: 'anime', year: 2019 + 2 * n, season: n + 1, root_key: KEYS[0] })),
  index: byKey((n) => ({
    release_key: KEYS[n],
    sites: [{ site: 'hdsky', score: 87, last_seen: '2026-01-01T00:00:00.000Z' }],
  })),
  recent: {},
  rules: { version: 1, rules: [] },
};

/** Runs a command as a terminal does: what it said, and how it ended. */
async function run(clock: SnapshotClock, server: string, ...args: string[]) {
  const said: string[] = [];
  const stream = new Writable({ write: (text: Buffer, _, done) => done(void said.push(text.toString().trimEnd())) });
  const environment = { server, token: undefined, password: undefined, home };
  const line = new CommandLine(environment, new Terminal(Readable.from([]), stream, stream), '0.0.0', clock);
  await programFor(line).parseAsync(args, { from: 'user' });
  return { said: said.join('\n'), exit: line.exit };
}

test('a year after the server has gone every command still answers from what is here, and says how old that is', async () => {
  const [clock, host] = [new StandingClock(), new MemoryHost()];
  await (await Publisher.start(host, clock)).publish(contents);
  const served = await serveStatic(host);
  const from = ['--from', served.url];
  expect((await run(clock, served.url, 'snapshot', 'sync', ...from)).exit).toBe(0);

  await served.close();
  clock.move(365 * 86_400_000);
  const ask = (...args: string[]) => run(clock, served.url, ...args);
  const age = 'snapshot 1, 365 days old';
  const answers: [args: string[], said: string[]][] = [
    [
      ['resolve', '--offline', ...from, 'lantern raod'],
      [age, KEYS[0]!],
    ],
    [
      ['search', '--offline', ...from, 'lantern'],
      [age, KEYS[0]!, KEYS[1]!],
    ],
    [
      ['sites', '--offline', ...from, KEYS[1]!],
      [age, 'hdsky'],
    ],
    [
      ['recommend', '--offline', ...from, KEYS[0]!],
      [age, 'hdsky', 'Lantern Road 2'],
    ],
    [['parse', 'Lantern.Road.S02E03.1080p.WEB-DL-GROUP'], ['1080p']],
    [['snapshot', 'info', ...from], ['365 days ago']],
  ];
  for (const [args, wanted] of answers) {
    const { said, exit } = await ask(...args);
    for (const words of wanted) expect([args[0], said]).toEqual([args[0], expect.stringContaining(words)]);
    expect([args[0], exit]).toEqual([args[0], 0]);
  }
  expect((await ask('snapshot', 'sync', ...from)).exit).toBe(1);
});
