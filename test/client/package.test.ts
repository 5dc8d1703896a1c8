import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { systemClock } from '#libs/client/snapshots/system-clock';
import { MemoryHost, Publisher } from '#libs/testing/snapshot-world';
import { serveStatic } from '#libs/testing/static-host';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { installClient, type InstalledClient } from './installed-client.js';
import { readmeExamples } from './readme-examples.js';

let client: InstalledClient;
beforeAll(async () => {
  client = await installClient();
});
afterAll(() => client?.remove());

const TYPES = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--moduleResolution', 'nodenext'];

test('the archive holds what is needed to run, to check types and to give credit, and no source of ours', () => {
  const paths = client.files.map(({ path }) => path);
  for (const path of [
    'client.js',
    'client.d.ts',
    'node.js',
    'node.d.ts',
    'evidverse.js',
    'README.md',
    'LICENSE',
    'THIRD-PARTY.txt',
  ])
    expect(paths).toContain(path);
  expect(paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
});

test('plain Node imports both doors and runs the command', async () => {
  await client.write(
    'use.mjs',
    `import { parseReleaseName, memoryStore } from '@evidverse/client';
     import { directoryStore } from '@evidverse/client/node';
     const { titles, episodes } = parseReleaseName('[Group] Lighthouse Child - 07 [1080p].mkv');
     console.log(titles[0].value, episodes.value[0], typeof memoryStore, typeof directoryStore);`,
  );
  expect((await client.node('use.mjs')).trim()).toBe('Lighthouse Child 7 function function');
  expect(await client.node(join('node_modules', '.bin', 'evidverse'), '--help')).toContain('Usage: evidverse');
});

test('its types check without those of Node, and say no to what is wrong', async () => {
  const use = (line: string) =>
    `import { parseReleaseName } from '@evidverse/client';\nimport { directoryStore } from '@evidverse/client/node';\n${line}\nvoid directoryStore;\n`;
  await client.write(
    'right.ts',
    use(`export const year: number | undefined = parseReleaseName('A.2008').year?.value;`),
  );
  await client.tsc(...TYPES, '--lib', 'es2023,dom', 'right.ts');
  await client.write('wrong.ts', use(`export const year: string = parseReleaseName('A.2008').year;`));
  await expect(client.tsc(...TYPES, '--lib', 'es2023,dom', 'wrong.ts')).rejects.toThrow('wrong.ts(3');
});

test('the first door is bundled for a browser, where there is no Node', async () => {
  await client.write('page.js', `export * from '@evidverse/client';`);
  const bundled = await build({
    absWorkingDir: client.folder,
    entryPoints: ['page.js'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  expect(bundled.errors).toEqual([]);
});

test('every program of the README does what it says, in a fresh installation', async () => {
  const host = await serveStatic(await smallHost());
  const cloud = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ title: 'Iron Man', type: 'movie', release_key: 'iron-man-2008-movie', aliases: [] }));
  });
  await new Promise<void>((resolve) => cloud.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`;
  try {
    const examples = await readmeExamples();
    expect(examples.length).toBeGreaterThanOrEqual(5);
    for (const { title, language, code, prints } of examples) {
      const real = code
        .replaceAll('https://snap.example.org', host.url)
        .replaceAll('https://cloud.example.org', address);
      await client.write('example.mjs', real);
      const [program, ...args] = real.split('\n')[0]!.split(' ').slice(1);
      const output = await (language === 'js'
        ? client.node('example.mjs')
        : client.node(join('node_modules', '.bin', program!), ...args));
      expect([title, output.trim().split('\n')]).toEqual([title, prints]);
    }
  } finally {
    cloud.close();
    await host.close();
  }
});

/** A snapshot of three works, as the README tells of them. */
async function smallHost(): Promise<MemoryHost> {
  const host = new MemoryHost();
  const season = (n: number) => ({
    title: n === 1 ? 'Lighthouse Child' : `Lighthouse Child ${n}`,
    type: 'anime',
    year: 2020 + n,
    season: n,
    root_key: 'lighthouse',
  });
  const works = {
    'iron-man-2008-movie': { title: 'Iron Man', type: 'movie', year: 2008, tmdb_id: 1726 },
    'lighthouse-child-2021-anime': season(1),
    'lighthouse-child-2-2022-anime': season(2),
  };
  const rows = Object.entries(works).map(([release_key, { title, type, year, ...rest }]) => {
    const root = 'root_key' in rest ? rest.root_key : undefined;
    return { release_key, root, type, year, aliases: [{ title }] };
  });
  const seen = (site: string) => ({ site, score: 90, last_seen: '2026-01-01T00:00:00.000Z' });
  const index = {
    'iron-man-2008-movie': { release_key: 'iron-man-2008-movie', sites: [seen('hdsky'), seen('elsewhere')] },
  };
  const alias = { 'iron man': { title: 'Iron Man', type: 'movie', release_key: 'iron-man-2008-movie', aliases: [] } };
  const publisher = await Publisher.start(host, systemClock);
  const titles = Buffer.from(buildTitleIndex(rows));
  const recent = {
    'starry-sky-2026-movie': { release_key: 'starry-sky-2026-movie', aliases: [{ title: '钢铁星空' }] },
  };
  await publisher.publish({ titles, works, index, alias, recent, rules: { version: 3, rules: [] } });
  return host;
}
