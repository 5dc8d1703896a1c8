import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import { uploadFile } from '../../api/upload.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { WorkingCopy } from '../working-copy/working-copy.js';

interface Options extends CommonOptions {
  project?: string;
}

/** `evidverse upload`: sends media of the project one is in; what broke off goes on where it was. */
export const upload: AddCommand = (program, line) =>
  void program
    .command('upload')
    .description('send media to the project; goes on where it was broken off')
    .argument('<files...>')
    .option('--project <id>', 'the project; that of the working copy if not said')
    .action(
      line.run(async (options: Options, names: string[]) => {
        const copy = await WorkingCopy.findOrNull(options.directory);
        const api = await line.api(options, copy?.state.server);
        const files = await Promise.all(names.map((name) => fileCalled(name, options)));
        const all = files.reduce((sum, { size }) => sum + size, 0);
        const bar = line.terminal.bar('Uploading', 'bytes');
        const sent: Sent[] = [];
        try {
          let before = 0;
          for (const file of files) {
            sent.push(await send(api, file, copy, options, (at) => bar.to(before + at, all)));
            before += file.size;
          }
        } finally {
          bar.end();
        }
        return { data: sent, text: sent.map(({ file, url }) => `${file}  ${url}`) };
      }),
    );

interface File {
  name: string;
  path: string;
  size: number;
}
interface Sent {
  file: string;
  asset_id: string;
  url: string;
  sha256: string;
  size: number;
}

async function fileCalled(name: string, { directory }: Options): Promise<File> {
  const path = resolve(directory, name);
  const { size } = await stat(path).catch((thrown: Error) => {
    throw new AppError('not_found', `${name} cannot be read: ${thrown.message}`);
  });
  return { name, path, size };
}

async function send(
  api: Api,
  { name, path, size }: File,
  copy: WorkingCopy | null,
  { project }: Options,
  tell: (at: number) => void,
): Promise<Sent> {
  const filename = basename(path);
  const sha256 = await hashOf(path);
  const known = (await copy?.media())?.[sha256];
  const { id, asset } = await uploadFile(api, await openAsBlob(path), {
    filename,
    sha256,
    project_id: project ?? copy?.state.project_id,
    resume: known?.upload_id,
    onBegin: (upload_id) => copy?.rememberMedia(sha256, { upload_id, asset_id: null, url: null, name: filename }),
    onProgress: tell,
  });
  await copy?.rememberMedia(sha256, { upload_id: id, asset_id: asset!.id, url: asset!.url, name: filename });
  return { file: name, asset_id: asset!.id, url: asset!.url, sha256, size };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Buffer);
  return hash.digest('hex');
}
