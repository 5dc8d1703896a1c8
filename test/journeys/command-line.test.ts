import { randomBytes, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '#libs/testing/child-process';
import { buildCommand, readJson, type BuiltCommand, type Person } from '../client/built-command.js';
import { runPlatform, type RunningPlatform } from './running-platform.js';

/** The command `evidverse`, as people use it: spawned, against a whole platform. */
const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const NODE_LEASE_S = 6;
let platform: RunningPlatform;
let command: BuiltCommand;
let ada: Person;
beforeAll(async () => {
  [platform, command] = await Promise.all([
    runPlatform({
      ADMIN_EMAIL: 'op@example.org',
      ADMIN_PASSWORD: 'correct horse battery',
      MESH_MIN_INTERVAL_MS: '0',
      LEASE_DURATION_SECONDS: String(NODE_LEASE_S),
    }),
    buildCommand(),
  ]);
  ada = await signedIn('ada');
});
afterAll(async () => {
  await platform?.close();
  command?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function signedIn(name: string): Promise<Person> {
  const person = command.person(name, platform.url);
  const args = ['login', '--register', '--email', `${name}@example.org`, '--password-stdin'];
  expect(await person.run(folder, args, { input: 'secret words\n' })).toMatchObject({ code: 0 });
  return person;
}

/** Runs a command that must succeed; gives what it printed. */
async function ok(person: Person, cwd: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await person.run(cwd, args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${out}${err}`);
  return out;
}
const json = async <T>(person: Person, cwd: string, ...args: string[]): Promise<T> =>
  JSON.parse(await ok(person, cwd, '--json', ...args)) as T;

async function projectOf(person: Person, name: string): Promise<string> {
  return (await json<{ id: string }>(person, folder, 'projects', 'create', name)).id;
}
async function cloneOf(person: Person, project: string): Promise<string> {
  const to = join(folder, `copy-${randomUUID().slice(0, 8)}`);
  await ok(person, folder, 'clone', project, to);
  return to;
}
const write = (copy: string, document: unknown) => writeFileSync(join(copy, 'timeline.json'), JSON.stringify(document));
const read = (copy: string) => readJson(join(copy, 'timeline.json'));
const headOf = (copy: string) => (readJson(join(copy, '.evidverse', 'state.json')) as { head: string | null }).head;

/** A film of two scenes, which people change apart from each other. */
const film = (one: string, two: string) => ({
  editorState: { scenes: { a: { id: 'a', title: one }, b: { id: 'b', title: two } } },
});
async function pushed(copy: string, document: unknown, message: string): Promise<void> {
  write(copy, document);
  await ok(ada, copy, 'commit', '-m', message);
  await ok(ada, copy, 'push');
}

/** A line to a server on which is counted what is sent. */
async function countedLine(to: string) {
  const sent: { asked: string; bytes: number }[] = [];
  const server = createServer((request, response) => {
    const { method, headers } = request;
    const ask = httpRequest(to + request.url!, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    const one = { asked: `${method} ${request.url}`, bytes: 0 };
    sent.push(one);
    request.on('data', (part: Buffer) => (one.bytes += part.length));
    request.pipe(ask);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, close };
}

describe('a film under versions', () => {
  it('is pushed whole, though whoever reads what is said about it goes away', async () => {
    const project = await projectOf(ada, 'Nobody listens');
    const copy = await cloneOf(ada, project);
    write(copy, film('one', 'two'));
    const { child, ended } = ada.start(copy, ['commit', '-m', 'Unheard']);
    child.stdout!.destroy();
    expect(await ended).toMatchObject({ code: 0 });
    const pushing = ada.start(copy, ['push']);
    pushing.child.stdout!.destroy();
    expect(await pushing.ended).toMatchObject({ code: 0 });
    expect(read(await cloneOf(ada, project))).toEqual(film('one', 'two'));
    expect((await ada.shell(copy, 'evidverse log > /dev/full')).code).not.toBe(0);
  });

  it('goes from one folder to the server and into another, and comes out as it was', async () => {
    const project = await projectOf(ada, 'Round trip');
    const one = await cloneOf(ada, project);
    expect(read(one)).toEqual({});
    writeFileSync(join(one, 'timeline.json'), '{"z":1, "exact":12345678901234567890.5, "a":{"海":"sea"}}');
    expect(await ok(ada, one, 'status')).toContain('Changed, not committed');
    expect(await ok(ada, one, 'diff')).toContain('Added a');
    expect(await ok(ada, one, 'diff', '--lang', 'zh')).toContain('添加了 a');
    await ok(ada, one, 'commit', '-m', 'First cut');
    expect(await json(ada, one, 'status')).toMatchObject({
      changes: [],
      pending: [{ message: 'First cut' }],
      head: null,
    });
    await ok(ada, one, 'push');
    const two = await cloneOf(ada, project);
    expect(readFileSync(join(two, 'timeline.json'), 'utf8')).toBe(
      '{\n  "a": {\n    "海": "sea"\n  },\n  "exact": 12345678901234567890.5,\n  "z": 1\n}\n',
    );
    expect(headOf(two)).toBe(headOf(one));
  });

  it('is never overwritten: a branch that moved on is told of, and a pull brings both sides together', async () => {
    const project = await projectOf(ada, 'Diverging');
    const one = await cloneOf(ada, project);
    await pushed(one, film('Dawn', 'Dusk'), 'Begin');
    const two = await cloneOf(ada, project);
    await pushed(one, film('Sunrise', 'Dusk'), 'A brighter dawn');
    write(two, film('Dawn', 'Night'));
    await ok(ada, two, 'commit', '-m', 'A darker dusk');
    const refused = await ada.run(two, ['push']);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.out).toContain('has moved on');
    expect(refused.out).toContain('evidverse pull');
    await ok(ada, two, 'pull');
    expect(read(two)).toEqual(film('Sunrise', 'Night'));
    await ok(ada, two, 'push');
    const { commits } = await json<{ commits: { message: string; parents: string[] }[] }>(ada, two, 'log');
    expect(commits.map(({ message }) => message)).toEqual(['A darker dusk', 'A brighter dawn', 'Begin']);
    await ok(ada, one, 'pull');
    expect(read(one)).toEqual(film('Sunrise', 'Night'));
  });

  it('is left as it is by a pull that cannot be decided, and goes on as a branch with a merge request', async () => {
    const project = await projectOf(ada, 'Conflicting');
    const one = await cloneOf(ada, project);
    await pushed(one, film('Dawn', 'Dusk'), 'Begin');
    const two = await cloneOf(ada, project);
    await pushed(one, film('Sunrise', 'Dusk'), 'Sunrise');
    write(two, film('Daybreak', 'Dusk'));
    const pull = await ada.run(two, ['pull']);
    expect(pull.code).toBe(1);
    expect(pull.out).toMatch(/Sunrise.*Daybreak/);
    expect(read(two)).toEqual(film('Daybreak', 'Dusk'));
    await ok(ada, two, 'commit', '-m', 'Daybreak');
    await ok(ada, two, 'push', '--to', 'daybreak');
    const { id } = await json<{ id: string }>(ada, two, 'mr', 'create', '--title', 'Daybreak');
    const merge = await ada.run(two, ['mr', 'merge', id]);
    expect(merge).toMatchObject({ code: 1 });
    expect(merge.err).toContain(`evidverse mr show ${id}`);
    const { items } = await json<{ items: { id: string }[] }>(ada, two, 'mr', 'conflicts', id);
    await ok(ada, two, 'mr', 'resolve', id, items[0]!.id.slice(0, 8), '--take', 'theirs');
    await ok(ada, two, 'mr', 'merge', id);
    await ok(ada, one, 'pull');
    expect(read(one)).toEqual(film('Daybreak', 'Dusk'));
    expect(await ok(ada, one, 'log', '--graph')).toMatch(/^\* .*\n\|\\\n/);
  });

  it('loses nothing when branches are changed', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Branches'));
    await pushed(copy, film('Dawn', 'Dusk'), 'Begin');
    await ok(ada, copy, 'branch', 'other');
    write(copy, film('Dawn', 'Night'));
    const refused = await ada.run(copy, ['checkout', 'other']);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('not committed');
    await ok(ada, copy, 'checkout', '-b', 'night');
    await ok(ada, copy, 'commit', '-m', 'Night');
    expect((await ada.run(copy, ['checkout', 'other'])).err).toContain('not pushed');
    await ok(ada, copy, 'push');
    await ok(ada, copy, 'checkout', 'other');
    expect(read(copy)).toEqual(film('Dawn', 'Dusk'));
    await ok(ada, copy, 'checkout', 'night');
    expect(read(copy)).toEqual(film('Dawn', 'Night'));
    await ok(ada, copy, 'branch', '--delete', 'other');
    const names = (await json<{ name: string }[]>(ada, copy, 'branch')).map(({ name }) => name);
    expect(names.sort()).toEqual(['main', 'night']);
  });

  it('is merged from the terminal, branch into branch; a conflict is told, and once decided the same command goes on', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Merging'));
    await pushed(copy, film('Dawn', 'Dusk'), 'Begin');
    await ok(ada, copy, 'checkout', '-b', 'night');
    await pushed(copy, film('Dawn', 'Night'), 'Night');
    await ok(ada, copy, 'checkout', 'main');
    write(copy, film('Sunrise', 'Dusk'));
    expect(await ok(ada, copy, 'merge', 'night')).toContain('night is merged into main');
    expect(read(copy)).toEqual(film('Sunrise', 'Night'));
    await ok(ada, copy, 'commit', '-m', 'Sunrise');
    expect((await ada.run(copy, ['merge', 'night'])).err).toContain('not pushed');
    await ok(ada, copy, 'push');

    await ok(ada, copy, 'checkout', '-b', 'noon');
    await pushed(copy, film('Sunrise', 'Noon'), 'Noon');
    await ok(ada, copy, 'checkout', 'main');
    await pushed(copy, film('Sunrise', 'Midnight'), 'Midnight');
    const stopped = await ada.run(copy, ['merge', 'noon']);
    expect(stopped.code).toBe(1);
    const id = /mr resolve (\S+)/.exec(stopped.out)![1]!;
    const conflict = stopped.out.split(/\s/, 1)[0]!;
    await ok(ada, copy, 'mr', 'resolve', id, conflict, '--take', 'theirs');
    expect(await json(ada, copy, 'merge', 'noon')).toMatchObject({ merged: { id, status: 'merged' } });
    expect(read(copy)).toEqual(film('Sunrise', 'Noon'));
    expect((await ada.run(copy, ['merge', 'nowhere'])).code).toBe(1);
  });

  it('has what a commit did undone and done again, and says who did what', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Second thoughts'));
    expect(await ok(ada, copy, 'log')).toContain('no commit yet');
    await pushed(copy, film('Dawn', 'Dusk'), 'Begin');
    expect(await ok(ada, copy, 'log')).toMatch(/^\w{10} {2}[-\d]{10} [:\d]{5} {2}you {2}Begin\n$/);
    expect(await ok(ada, copy, 'whoami', '--name', 'Ada Lovelace')).toContain('Ada Lovelace <ada@example.org>');
    await pushed(copy, film('Sunrise', 'Dusk'), 'Sunrise');
    const sunrise = headOf(copy)!;
    await pushed(copy, film('Sunrise', 'Night'), 'Night');
    expect(await ok(ada, copy, 'blame', 'scene', 'a')).toMatch(/title +"Sunrise" .*Ada Lovelace {2}Sunrise/);

    expect(await ok(ada, copy, 'revert', sunrise.slice(0, 12))).toContain('is undone by');
    expect(read(copy)).toEqual(film('Dawn', 'Night'));
    await ok(ada, copy, 'cherry-pick', sunrise);
    expect(read(copy)).toEqual(film('Sunrise', 'Night'));
    expect(await ok(ada, copy, 'cherry-pick', sunrise)).toContain('is here already');

    await pushed(copy, film('Noon', 'Night'), 'Noon');
    const stopped = await ada.run(copy, ['revert', sunrise]);
    expect(stopped).toMatchObject({ code: 1, out: expect.stringContaining('Noon') as string });
    expect(read(copy)).toEqual(film('Noon', 'Night'));
    const settle = /--settle (\S+=theirs)/.exec(stopped.out)![1]!;
    await ok(ada, copy, 'revert', sunrise, '--settle', settle);
    expect(read(copy)).toEqual(film('Dawn', 'Night'));
    expect((await ada.run(copy, ['revert', sunrise, '--settle', 'nonsense'])).code).toBe(2);
    await ok(ada, copy, 'whoami', '--name', '');
  });

  it('is forked by a stranger, who catches up with the original and offers it what they did', async () => {
    const eve = await signedIn('forker');
    const { id: project } = await json<{ id: string }>(ada, folder, 'projects', 'create', 'Forked', '--public');
    const copy = await cloneOf(ada, project);
    await pushed(copy, film('Dawn', 'Dusk'), 'Begin');
    expect(read(await cloneOf(eve, project))).toEqual(film('Dawn', 'Dusk'));
    const fork = await json<{ id: string; name: string }>(eve, folder, 'fork', project, '--name', 'Mine');
    expect(fork.name).toBe('Mine');
    const mine = await cloneOf(eve, fork.id);
    write(mine, film('Dawn', 'Night'));
    await ok(eve, mine, 'commit', '-m', 'Night');
    await ok(eve, mine, 'push');
    await pushed(copy, film('Sunrise', 'Dusk'), 'Sunrise');
    await ok(eve, mine, 'catch-up');
    expect(read(mine)).toEqual(film('Sunrise', 'Night'));
    expect(await ok(eve, mine, 'catch-up')).toContain('nothing new');

    const { id } = await json<{ id: string }>(eve, mine, 'mr', 'create', '--to-original', '--title', 'At night');
    expect(await ok(eve, mine, 'mr')).toContain('main → main of the original  At night');
    expect(await ok(ada, copy, 'mr')).toContain('main of a fork → main');
    expect((await ada.run(copy, ['mr', 'review', id, 'request-changes'])).err).toContain('-m');
    expect(await ok(ada, copy, 'mr', 'review', id, 'request-changes', '-m', 'Too dark')).toContain('Too dark');
    expect(await ok(eve, mine, 'mr', 'show', id, '--lang', 'zh')).toContain('要求修改');
    expect((await ada.run(copy, ['mr', 'merge', id])).code).toBe(1);
    await ok(ada, copy, 'mr', 'review', id, 'approve');
    await ok(ada, copy, 'mr', 'merge', id);
    await ok(ada, copy, 'pull');
    expect(read(copy)).toEqual(film('Sunrise', 'Night'));
  });

  it('has tags that never move, and releases that are told about', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Releases'));
    expect((await ada.run(copy, ['tag', 'v0'])).err).toContain('no commit yet');
    await pushed(copy, film('Dawn', 'Dusk'), 'Begin');
    const first = headOf(copy);
    await ok(ada, copy, 'tag', 'v1', '-m', 'The first cut');
    await pushed(copy, film('Dawn', 'Night'), 'Night');
    expect((await ada.run(copy, ['tag', 'v1'])).code).toBe(1);
    writeFileSync(join(copy, 'notes.md'), 'Darker.');
    await ok(ada, copy, 'release', 'v2', '--title', 'The dark cut', '--notes-file', 'notes.md', '--prerelease');
    await ok(ada, copy, 'release', 'v1', '--notes', 'Where it began');
    type Told = { name: string; commit_id: string; release: { title: string; notes: string; is_prerelease: boolean } };
    const releases = await json<Told[]>(ada, copy, 'release');
    expect(new Map(releases.map(({ name, ...rest }) => [name, rest]))).toEqual(
      new Map([
        [
          'v1',
          expect.objectContaining({ commit_id: first, release: expect.objectContaining({ title: 'v1' }) as unknown }),
        ],
        [
          'v2',
          expect.objectContaining({
            commit_id: headOf(copy),
            release: expect.objectContaining({ notes: 'Darker.', is_prerelease: true }) as unknown,
          }),
        ],
      ] as [string, unknown][]),
    );
    expect((await ada.run(copy, ['release', 'v1', '--ref', 'main'])).err).toContain('for ever');
    expect(await ok(ada, copy, 'diff', 'v1', 'v2')).toContain('Night');
    writeFileSync(join(copy, 'timeline.json'), JSON.stringify(film('Dawn', 'Stars')));
    await ok(ada, copy, 'commit', '-m', 'Stars');
    expect(await ok(ada, copy, 'diff', 'HEAD~1')).toContain('Stars');
    expect(await ok(ada, copy, 'diff', 'HEAD~2', 'HEAD~1')).toContain('Night');
    expect((await ada.run(copy, ['diff', 'HEAD~3'])).err).toContain('There is no commit');
    expect((await ada.run(copy, ['tag', 'v3', 'HEAD'])).err).toContain('HEAD was not pushed yet. Next: evidverse push');
    await ok(ada, copy, 'push');
    expect(await ok(ada, copy, 'revert', 'HEAD')).toContain('is undone by');
    await ok(ada, copy, 'tag', '--delete', 'v2');
    expect((await ok(ada, copy, 'tag')).trim().split('\n')).toHaveLength(1);
  });

  it('is pushed as what has changed, not whole', async () => {
    const project = await projectOf(ada, 'Long film');
    const scene = (n: number, title: string) => [`s${n}`, { id: `s${n}`, title, notes: 'x'.repeat(500) }];
    const long = (title: string) => ({
      editorState: {
        scenes: Object.fromEntries([scene(0, title), ...Array.from({ length: 400 }, (_, n) => scene(n + 1, 'Dusk'))]),
      },
    });
    await pushed(await cloneOf(ada, project), long('Dawn'), 'Begin');
    const line = await countedLine(platform.url);
    try {
      const there = command.person('ada-elsewhere', line.url);
      const login = ['login', '--email', 'ada@example.org', '--password-stdin'];
      expect(await there.run(folder, login, { input: 'secret words\n' })).toMatchObject({ code: 0 });
      const copy = await cloneOf(there, project);
      write(copy, long('Sunrise'));
      await ok(there, copy, 'commit', '-m', 'Sunrise');
      line.sent.length = 0;
      await ok(there, copy, 'push');
    } finally {
      line.close();
    }
    expect(line.sent.filter(({ asked }) => asked === `POST /api/v1/projects/${project}/commits`)).toHaveLength(1);
    expect(line.sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1000);
    expect(read(await cloneOf(ada, project))).toEqual(long('Sunrise'));
  });

  it('goes on with a push whose answer was lost, without a second commit', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Lost answer'));
    write(copy, film('Dawn', 'Dusk'));
    await ok(ada, copy, 'commit', '-m', 'Begin');
    const before = readFileSync(join(copy, '.evidverse', 'state.json'));
    await ok(ada, copy, 'push');
    const head = headOf(copy);
    writeFileSync(join(copy, '.evidverse', 'state.json'), before);
    expect(await json(ada, copy, 'push')).toMatchObject({ kind: 'pushed', commits: [head], head });
    expect((await json<{ commits: unknown[] }>(ada, copy, 'log')).commits).toHaveLength(1);
  });

  it('says where a file is at fault, and keeps what was there', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Broken'));
    for (const [text, words] of [
      ['{"a":', 'is not JSON'],
      ['[1]', 'must hold one JSON object'],
    ] as const) {
      writeFileSync(join(copy, 'timeline.json'), text);
      const { code, err } = await ada.run(copy, ['commit', '-m', 'x']);
      expect([code, err]).toEqual([1, expect.stringContaining(words)]);
    }
    expect(readdirSync(copy).sort()).toEqual(['.evidverse', 'timeline.json']);
  });
});

describe('media', () => {
  it('are sent once, and known again', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Media'));
    writeFileSync(join(copy, 'noise.bin'), randomBytes(9 * 1024 * 1024));
    const [one] = await json<{ url: string; asset_id: string; sha256: string }[]>(ada, copy, 'upload', 'noise.bin');
    expect((await fetch(one!.url)).status).toBe(200);
    expect(readJson(join(copy, '.evidverse', 'media.json'))).toMatchObject({
      [one!.sha256]: { asset_id: one!.asset_id },
    });
    const [again] = await json<{ asset_id: string }[]>(ada, copy, 'upload', 'noise.bin');
    expect(again!.asset_id).toBe(one!.asset_id);
  });

  it('are made into a film that is followed to its end, or told why not', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Empty film'));
    await pushed(copy, { title: 'Nothing to see' }, 'Begin');
    const { code, out } = await ada.run(copy, ['render']);
    expect([code, out]).toEqual([1, expect.stringContaining('No exportable video URL')]);
    expect(await ok(ada, copy, 'tasks')).toContain('FAILURE');
  });
});

describe('a worker', () => {
  interface Kept {
    servers: Record<string, { tokens: { access_token: string } }>;
  }
  let token: string;
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(platform.url + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return (await answer.json()) as T;
  };
  const jobsOf = async (site: string) =>
    (
      await ask<{ items: { state: string; attempts: number; payload: { n: number } }[] }>(
        'GET',
        `/v1/jobs?site_id=${site}`,
      )
    ).items;

  beforeAll(async () => {
    const op = command.person('op', platform.url);
    const args = ['login', '--email', 'op@example.org', '--password-stdin'];
    expect(await op.run(folder, args, { input: 'correct horse battery' })).toMatchObject({ code: 0 });
    const kept = readJson(join(op.home, 'credentials.json')) as Kept;
    token = kept.servers[platform.url]!.tokens.access_token;
  });

  const site = async (jobs: number) => {
    const id = `s-${randomUUID().slice(0, 8)}`;
    await ask('PUT', `/v1/sites/${id}`, { min_interval_ms: 0 });
    await ask(
      'POST',
      '/v1/jobs',
      Array.from({ length: jobs }, (_, n) => ({ site_id: id, payload: { n } })),
    );
    const { secret } = await ask<{ secret: string }>('POST', '/v1/admin/keys', { kind: 'registration', sites: [id] });
    return { id, secret };
  };
  /** A crawl in one line of Node: it writes down which job it was given, then does what `then` says. */
  const crawl = (log: string, then: string) =>
    `const fs = require('fs'); const job = JSON.parse(fs.readFileSync(0, 'utf8')); fs.appendFileSync('${log}', job.payload.n + '\\n'); ${then}`;
  const started = (name: string, { id, secret }: { id: string; secret: string }, script: string) =>
    ada.start(
      folder,
      [
        '--json',
        'worker',
        '--node',
        name,
        '--site',
        id,
        '--registration-token-stdin',
        '--grace',
        '1',
        '--',
        process.execPath,
        '-e',
        script,
      ],
      secret,
    );

  it('crawls each job by an operator’s command, and goes when it is told to', async () => {
    const at = await site(3);
    const log = join(folder, 'crawled');
    const done = `console.log(JSON.stringify({ progress: 'p' + job.payload.n })); console.log(JSON.stringify({ cursor: 'c' + job.payload.n, stats: { pages: 1 } }))`;
    const worker = started('by-command', at, crawl(log, done));
    await eventually(async () => (await jobsOf(at.id)).every(({ state }) => state === 'done'));
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0 });
    expect(readFileSync(log, 'utf8').split('\n').sort().join('')).toBe('012');
    expect(await ask('GET', `/v1/sites/${at.id}/cursors/main`)).toMatchObject({
      value: expect.stringMatching(/^c\d$/) as string,
    });
  });

  it('that is killed leaves its job to another, which crawls it once', async () => {
    const at = await site(1);
    const [first, second] = [join(folder, 'killed'), join(folder, 'after')];
    const killed = started('killed', { ...at }, crawl(first, 'setTimeout(() => {}, 20_000)'));
    await eventually(() => Promise.resolve(killed.said().includes('"started"')));
    killed.child.kill('SIGKILL');
    const { secret } = await ask<{ secret: string }>('POST', '/v1/admin/keys', {
      kind: 'registration',
      sites: [at.id],
    });
    const heir = started('heir', { id: at.id, secret }, crawl(second, ''));
    await eventually(async () => (await jobsOf(at.id)).every(({ state }) => state === 'done'));
    heir.child.kill('SIGTERM');
    expect(await heir.ended).toMatchObject({ code: 0 });
    expect(readFileSync(second, 'utf8')).toBe('0\n');
    expect(await jobsOf(at.id)).toMatchObject([{ state: 'done', attempts: 2 }]);
  });
});

describe('what goes wrong', () => {
  it('is a wrong question where the question is wrong: 2, with what there is', async () => {
    for (const args of [['--nonsense'], ['statsu'], ['commit'], ['clone'], ['log', '-n', 'many']]) {
      const { code, err } = await ada.run(folder, args);
      expect([code, err]).toEqual([2, expect.stringContaining('error: ')]);
    }
    expect((await ada.run(folder, ['--help'])).code).toBe(0);
  });

  it('is told in one line and one object where it could not be done: 1', async () => {
    const { code, out, err } = await ada.run(folder, ['--json', 'clone', randomUUID()]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'not_found', message: expect.any(String) as string } });
    expect(err).toMatch(/^evidverse: .+\n$/);
  });

  it('is a server that is not there', async () => {
    const { code, err } = await ada.run(folder, ['whoami', '--server', 'http://127.0.0.1:1']);
    expect([code, err]).toEqual([1, expect.stringContaining('http://127.0.0.1:1 cannot be reached')]);
  });

  it('is a folder without a working copy', async () => {
    expect((await ada.run(folder, ['status'])).err).toContain('evidverse clone');
  });

  it('is a token that is no longer good, and a sign-in that has ended', async () => {
    const { code, err } = await ada.run(folder, ['whoami'], { env: { EVIDVERSE_TOKEN: 'gone' } });
    expect([code, err]).toEqual([1, expect.stringContaining('Sign in: evidverse login')]);
    const eve = await signedIn('eve');
    expect(statSync(join(eve.home, 'credentials.json')).mode & 0o777).toBe(0o600);
    await ok(eve, folder, 'whoami');
    await ok(eve, folder, 'logout');
    expect((await eve.run(folder, ['projects'])).err).toContain('Sign in: evidverse login');
  });

  it('is a folder that names a server of its own: it is given no token, and nobody signs in there by mistake', async () => {
    const asked: (string | undefined)[] = [];
    const theirs = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(401, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => theirs.listen(0, '127.0.0.1', resolve));
    const server = `http://127.0.0.1:${(theirs.address() as AddressInfo).port}`;
    const bob = await signedIn('careful');
    const copy = await cloneOf(bob, await projectOf(bob, 'Trap'));
    const state = join(copy, '.evidverse', 'state.json');
    writeFileSync(state, JSON.stringify({ ...(readJson(state) as object), server }));
    const env = { EVIDVERSE_SERVER: '', EVIDVERSE_TOKEN: 'secret-token' };
    for (const args of [['status'], ['pull'], ['whoami']])
      expect((await bob.run(copy, args, { env })).err).toContain(`EVIDVERSE_TOKEN is not sent to ${server}`);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((header) => header !== undefined)).toEqual([]);
    const said = asked.length;
    const signingIn = await bob.run(copy, ['login', '--email', 'careful@example.org', '--password-stdin'], {
      env: { EVIDVERSE_SERVER: '' },
      input: 'secret words\n',
    });
    expect(signingIn).toMatchObject({
      code: 0,
      err: expect.stringContaining(`Signing in to ${platform.url}`) as string,
    });
    expect(asked).toHaveLength(said);
    theirs.close();
  });

  it('is a message that would command the terminal: it is shown, and commands nothing', async () => {
    const copy = await cloneOf(ada, await projectOf(ada, 'Loud'));
    write(copy, film('one', 'two'));
    const message = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp';
    await ok(ada, copy, 'commit', '-m', message);
    await ok(ada, copy, 'push');
    const said = await ok(ada, copy, 'log');
    expect(said).toContain('\\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\u202egnp');
    expect(said).not.toMatch(/[\u001b\u0007\u009b\u202e]/);
    expect(JSON.stringify(await json(ada, copy, 'log'))).toContain(JSON.stringify(message).slice(1, -1));
  });

  it('is an access token that has run out only for who cannot get the next: a session goes on', async () => {
    const bob = await signedIn('bob');
    const path = join(bob.home, 'credentials.json');
    const kept = readFileSync(path, 'utf8');
    writeFileSync(path, kept.replace(/"expires_at": \d+/, '"expires_at": 1'));
    const all = await Promise.all([1, 2, 3].map(() => bob.run(folder, ['whoami'])));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  it('is a project of somebody else, which is as if it were not there', async () => {
    const project = await projectOf(ada, 'Private');
    const mallory = await signedIn('mallory');
    const foreign = await mallory.run(folder, ['clone', project]);
    const unknown = await mallory.run(folder, ['clone', randomUUID()]);
    expect(foreign).toMatchObject({ code: 1, err: unknown.err });
  });

  it('is a folder that has something in it already', async () => {
    const project = await projectOf(ada, 'Full');
    const full = join(folder, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'mine'), 'mine');
    expect((await ada.run(folder, ['clone', project, full])).err).toContain('is not empty');
    expect(readdirSync(full)).toEqual(['mine']);
  });
});

test('somebody joins by what was sent to them, cuts the film elsewhere, and a program of theirs sees it', async () => {
  const copy = await cloneOf(ada, await projectOf(ada, 'Shared'));
  const shots = (city: number) => ({
    title: 'Storm',
    editorData: [
      {
        id: '0',
        actions: [
          { id: 'beach', start: 0, end: 4, effectId: 'beach' },
          { id: 'city', start: city, end: city + 3, effectId: 'city' },
        ],
      },
    ],
    effects: { beach: { id: 'beach', name: 'Beach' }, city: { id: 'city', name: 'City' } },
  });
  await pushed(copy, shots(4), 'First');
  const fay = await signedIn('fay');
  const [, , token] = (await ok(ada, copy, 'invite', 'fay@example.org', '--role', 'maintainer')).trim().split(' ');
  expect(await ok(fay, folder, 'join', token!)).toBe('You are a maintainer of Shared.\n');
  const { code } = await fay.run(folder, ['join', token!]);
  expect(code).toBe(1);
  const hers = await cloneOf(fay, 'Shared');
  await ok(fay, hers, 'timeline', 'export', 'film.edl');
  const list = readFileSync(join(hers, 'film.edl'), 'utf8').replace(/^\* EVIDVERSE.*\n/gm, '');
  writeFileSync(join(hers, 'back.edl'), list.replace('01:00:04:00 01:00:07:00', '01:00:05:00 01:00:08:00'));
  expect(await ok(fay, hers, 'timeline', 'import', 'back.edl', '--look')).toContain('Nothing was done.');
  expect(await ok(fay, hers, 'timeline', 'import', 'back.edl')).toContain('Moved “City” on track 0 from 4 s to 5 s');
  await ok(fay, hers, 'pull');
  expect(read(hers)).toEqual(shots(5));

  const program = (await ok(fay, folder, 'token', 'create', 'nightly')).trim();
  const env = { EVIDVERSE_TOKEN: program, EVIDVERSE_SERVER: platform.url };
  const stranger = command.person('program', platform.url);
  expect(await stranger.run(folder, ['projects'], { env })).toMatchObject({ code: 0 });
  const refused = await stranger.run(folder, ['projects', 'create', 'Mine'], { env });
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('needs one for write')]);
  await ok(fay, folder, 'token', 'revoke', 'nightly');
  expect(await stranger.run(folder, ['projects'], { env })).toMatchObject({ code: 1 });
});

test('the keys that all is believed by are given to keepers without a network, and come back only by them', async () => {
  const op = command.person('op', platform.url);
  const args = ['login', '--email', 'op@example.org', '--password-stdin'];
  expect(await op.run(folder, args, { input: 'correct horse battery\n' })).toMatchObject({ code: 0 });
  const keeper = command.person('keeper', 'http://127.0.0.1:9');
  for (const name of ['anna.key', 'ben.key']) await ok(keeper, folder, 'keys', 'create', name);
  expect(statSync(join(folder, 'anna.key')).mode & 0o777).toBe(0o600);
  expect(readJson(join(folder, 'anna.key.pub'))).not.toHaveProperty('private_key');
  expect((await keeper.run(folder, ['keys', 'create', 'anna.key'])).err).toContain('is there already');
  expect(await ok(op, folder, 'keys', 'list')).toMatch(/root +on the server/);
  expect(await ok(op, folder, 'keys', 'rotate', 'manifest', 'none.json')).toContain('Root 2: it takes 1 of its keys');
  expect(existsSync(join(folder, 'none.json'))).toBe(false);
  const publics = ['anna.key.pub', 'ben.key.pub'];
  expect((await op.run(folder, ['keys', 'next', 'r.json', '--root', ...publics, '--threshold', '3'])).code).toBe(1);
  await ok(op, folder, 'keys', 'next', 'root.json', '--root', ...publics, '--threshold', '2');
  expect((await keeper.run(folder, ['keys', 'sign', 'root.json', '--key', 'anna.key.pub'])).err).toContain('no key');
  expect(await ok(keeper, folder, 'keys', 'sign', 'root.json', '--key', 'anna.key')).toContain('More of its own keys');
  expect((await op.run(folder, ['keys', 'publish', 'root.json'])).err).toContain('not signed by enough keys');
  expect(await ok(keeper, folder, 'keys', 'sign', 'root.json', '--key', 'ben.key')).toContain('Enough of its own keys');
  const listed = await ok(op, folder, 'keys', 'publish', 'root.json');
  expect(listed).toContain('Root 3: it takes 2 of its keys to change it, 1 to publish rules.');
  expect(listed.match(/root +elsewhere/g)).toHaveLength(2);
  expect(listed).not.toMatch(/root +on the server/);

  expect(await ok(op, folder, 'keys', 'rotate', 'pointer', 'turned.json')).toContain('turned.json is root 4.');
  await ok(keeper, folder, 'keys', 'sign', 'turned.json', '--key', 'anna.key', 'ben.key');
  expect(await ok(op, folder, 'keys', 'publish', 'turned.json')).toContain('Root 4:');
  await ok(op, folder, 'keys', 'next', 'next.json', '--rules', 'anna.key.pub');
  await ok(keeper, folder, 'keys', 'sign', 'next.json', '--key', 'anna.key', 'ben.key');
  await ok(op, folder, 'keys', 'publish', 'next.json');
  writeFileSync(join(folder, 'plain.json'), '{"site":"plain","engine":"own"}');
  await ok(op, folder, 'rules', 'draft', 'plain.json');
  await ok(op, folder, 'rules', 'validate', 'plain');
  const published = await ok(op, folder, 'rules', 'publish', 'plain');
  const statement = /rules (statement \d+)/.exec(published)![1]!.split(' ');
  await ok(op, folder, 'rules', ...statement, 'said.json');
  await ok(keeper, folder, 'keys', 'sign', 'said.json', '--key', 'ben.key');
  expect((await op.run(folder, ['rules', 'add-signatures', 'said.json'])).err).toContain('not of enough keys');
  await ok(keeper, folder, 'keys', 'sign', 'said.json', '--key', 'anna.key');
  expect(await ok(op, folder, 'rules', 'add-signatures', 'said.json')).toMatch(/is live\.\n$/);
});

test('a release name is read without any server', async () => {
  const nobody = command.person('nobody', '');
  const { code, out } = await nobody.run(folder, ['parse', '[Group] Show - 12 (1080p) [F02B9CEE].mkv', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ fields: { episodes: { value: [12] }, resolution: { value: '1080p' } } }]);
});

test('a keeper brings rules from a saved page to everybody, and takes them back, by commands alone', async () => {
  const work = mkdtempSync(join(folder, 'rules-'));
  const [kim, operator] = [await signedIn('kim'), command.person('operator', platform.url)];
  const login = ['login', '--email', 'op@example.org', '--password-stdin'];
  expect(await operator.run(work, login, { input: 'correct horse battery\n' })).toMatchObject({ code: 0 });
  const rules = (row: string) =>
    writeFileSync(
      join(work, 'tiny.json'),
      JSON.stringify({
        site: 'tiny',
        engine: 'own',
        domains: ['tiny.example'],
        parse: { list: { row, fields: { title_raw: { selector: 'a' } } } },
      }),
    );
  writeFileSync(join(work, 'saved.html'), '<table><tr class="r"><td><a>A Film</a></table>');
  rules('tr');
  await ok(kim, work, 'rules', 'record', 'tiny.json', 'https://tiny.example/', '--saved', 'saved.html');
  await ok(kim, work, 'rules', 'check', 'tiny.json');
  expect((await kim.run(work, ['rules', 'draft', 'tiny.json'])).err).toContain('the role contributor');
  const { id } = await json<{ id: string }>(kim, work, 'whoami');
  await ok(operator, work, 'rules', 'keeper', id, 'publisher');
  await ok(kim, work, 'rules', 'draft', 'tiny.json');
  await ok(kim, work, 'rules', 'validate', 'tiny');
  const refused = await kim.run(work, ['rules', 'publish', 'tiny']);
  expect(refused.err).toContain('evidverse rules site tiny --domains tiny.example');
  await ok(kim, work, 'rules', 'site', 'tiny', '--domains', 'tiny.example');
  expect(await ok(kim, work, 'rules', 'publish', 'tiny', '--canary', '5%')).toContain('on trial with 5 %');
  expect(await ok(kim, work, 'rules', 'list')).not.toContain('tiny');
  const [{ version }] = await json<[{ version: number }]>(kim, work, 'rules', 'packages');
  await ok(kim, work, 'rules', 'promote', String(version));
  expect(await ok(ada, work, 'rules', 'list')).toMatch(/tiny +version 1/);

  rules('tr.r');
  expect(await ok(kim, work, 'rules', 'diff', 'tiny.json')).toContain('parse.list.row: "tr" → "tr.r"');
  expect((await kim.run(work, ['rules', 'pull'])).err).toContain('says something else already');
  await ok(kim, work, 'rules', 'draft', 'tiny.json');
  await ok(kim, work, 'rules', 'validate', 'tiny');
  await ok(kim, work, 'rules', 'publish', 'tiny', '-m', 'by class');
  expect(await ok(kim, work, 'rules', 'diff')).toContain('~ tiny, version 1 → 2');
  await ok(kim, work, 'rules', 'rollback', String(version), '-m', 'it read nothing');
  const listed = (await ok(kim, work, 'rules', 'packages')).split('\n').map((row) => row.trim().split(/ {2,}/)[1]);
  expect(listed.slice(0, 3)).toEqual(['live', 'was live', 'was live']);
  await ok(kim, work, 'rules', 'pull', 'tiny', '--force');
  expect(readFileSync(join(work, 'tiny.json'), 'utf8')).toContain('"row": "tr"');
});
