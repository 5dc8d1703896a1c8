import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { bundle, bundleTypes } from './bundle.js';

interface PackageFile {
  name: string;
  version: string;
  license: string;
}

/** Makes the package that is published, ready for `npm pack`, in `folder`, which is emptied first. */
export async function buildClient(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [bundled] = await Promise.all([bundle(folder), bundleTypes(folder)]);
  const root = packageRoot();
  await copyFile(join(root, 'libs/client/README.md'), join(folder, 'README.md'));
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  await writeFile(join(folder, 'THIRD-PARTY.txt'), await licencesOf(bundled.map((one) => join(root, one))));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifest(root), null, 2)}\n`);
}

async function manifest(root: string) {
  const { version, license } = await packageFile(root);
  return {
    name: '@evidverse/client',
    version,
    description:
      'Which work a title means, which sites have it, how to read them: from the Evidverse cloud, or offline.',
    license,
    type: 'module',
    engines: { node: '>=22' },
    sideEffects: false,
    exports: {
      '.': { types: './client.d.ts', default: './client.js' },
      './node': { types: './node.d.ts', default: './node.js' },
      './package.json': './package.json',
    },
    bin: { evidverse: './evidverse.js' },
    publishConfig: { access: 'public' },
    keywords: ['evidverse', 'vabhub', 'media library', 'release name', 'offline', 'title resolution'],
  };
}

/** The licences of the packages that are inside, as these ask for. */
async function licencesOf(folders: readonly string[]): Promise<string> {
  const parts = folders.map(async (folder) => {
    const { name, version, license } = await packageFile(folder);
    const file = (await readdir(folder)).find((one) => /^(licen[cs]e|copying)/i.test(one));
    const text = file === undefined ? '' : `\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`;
    return `${name} ${version} (${license})${text}`;
  });
  const all = await Promise.all(parts);
  return `These packages are bundled in this one.\n\n${all.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

const packageFile = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageFile;
