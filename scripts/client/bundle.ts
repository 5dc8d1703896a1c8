import { join } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { packageRoot } from '#libs/config/package-root';

/** The doors of the package: what runs anywhere, what needs Node besides, and the command. */
const DOORS = { client: 'libs/client/client.ts', node: 'libs/client/node.ts' };
const COMMAND = { evidverse: 'libs/client/command-line/main.ts' };

/** `#libs/…` is the alias of this repository alone: the published package has no such name. */
const sources: Plugin = {
  name: 'sources',
  setup(bundler) {
    bundler.onResolve({ filter: /^#libs\// }, ({ path }) => ({
      path: join(packageRoot(), `${path.replace(/^#libs/, 'libs')}.ts`),
    }));
  },
};

/** The dictionaries of pinyin are needed where titles are indexed, which a client seldom does: they are unpacked when first asked. */
const lateDictionaries: Plugin = {
  name: 'late-dictionaries',
  setup(bundler) {
    bundler.onResolve({ filter: /^pinyin-pro$/ }, ({ kind, path }) =>
      kind === 'require-call' ? undefined : { path, namespace: 'late' },
    );
    bundler.onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      resolveDir: packageRoot(),
      contents: `const late = () => require('pinyin-pro');
        export const pinyin = (...given) => late().pinyin(...given);
        export const polyphonic = (...given) => late().polyphonic(...given);`,
    }));
  },
};

/** What zod says is read by programs here, and not by people of fifty languages: a third of the package would be these words. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup(bundler) {
    bundler.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
    }));
  },
};

/** Bundles the doors and the command into `folder`, as ECMAScript modules; tells which packages went into them. */
export async function bundle(folder: string): Promise<string[]> {
  const common = {
    absWorkingDir: packageRoot(),
    bundle: true,
    format: 'esm' as const,
    target: 'es2023',
    outdir: folder,
    metafile: true as const,
    legalComments: 'none' as const,
    external: ['node:*'],
    plugins: [sources, lateDictionaries, oneLanguage],
    logLevel: 'error' as const,
  } satisfies BuildOptions;
  const doors = await build({
    ...common,
    entryPoints: DOORS,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  });
  const command = await build({
    ...common,
    entryPoints: COMMAND,
    platform: 'node',
    // Some packages of the command are CommonJS and ask for Node's own modules by `require`.
    banner: {
      js: `#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`,
    },
  });
  return packagesIn(doors.metafile, command.metafile);
}

/** The declarations of the doors, each in one file. */
export async function bundleTypes(folder: string): Promise<void> {
  const bundled = await rollup({
    input: Object.fromEntries(Object.entries(DOORS).map(([name, file]) => [name, join(packageRoot(), file)])),
    external: (id) => id.startsWith('node:'),
    plugins: [dts({ tsconfig: join(packageRoot(), 'tsconfig.json') })],
    onwarn: (warning) => {
      throw new Error(`The declarations cannot be bundled: ${warning.message}`);
    },
  });
  await bundled.write({ dir: folder, format: 'es', chunkFileNames: 'chunks/[name]-[hash].d.ts' });
  await bundled.close();
}

/** The folders of the packages that were bundled, by name. */
function packagesIn(...files: Metafile[]): string[] {
  const folders = files
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((path) => {
      const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
      return folder === undefined ? [] : [folder];
    });
  return [...new Set(folders)].sort();
}
