import { join } from 'node:path';
import { build } from 'esbuild';
import { installClient, type InstalledClient } from './installed-client.js';

let client: InstalledClient;
beforeAll(async () => {
  client = await installClient();
}, 120_000);
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
