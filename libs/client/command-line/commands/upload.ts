import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import { uploadFile } from '../../api/upload.js';
import type { AddCommand, CommandLine, CommonOptions } from '../command-line.js';
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
      line.run(async (options: Options, files: string[]) => {
        const copy = await WorkingCopy.findOrNull(options.directory);
        const sent = [];
        for (const file of files) sent.push(await send(line, options, copy, file));
        return { data: sent, text: sent.map(({ file, url }) => `${file}  ${url}`) };
      }),
    );

async function send(line: CommandLine, options: Options, copy: WorkingCopy | null, file: string) {
  const path = resolve(options.directory, file);
  const { size } = await stat(path).catch((thrown: Error) => {
    throw new AppError('not_found', `${file} cannot be read: ${thrown.message}`);
  });
  const filename = basename(path);
  const reading = line.terminal.bar(`${filename}: reading`, 'bytes');
  const sha256 = await hashOf(path, (at) => reading.to(at, size)).finally(() => reading.end());
  const api = await line.api(options, copy?.state.server);
  const known = (await copy?.media())?.[sha256];
  const bar = line.terminal.bar(`${filename}: sending`, 'bytes');
  try {
    const { id, asset } = await uploadFile(api, await openAsBlob(path), {
      filename,
      sha256,
      project_id: options.project ?? copy?.state.project_id,
      resume: known?.upload_id,
      onBegin: (upload_id) => copy?.rememberMedia(sha256, { upload_id, asset_id: null, url: null, name: filename }),
      onProgress: (at) => bar.to(at, size),
    });
    await copy?.rememberMedia(sha256, { upload_id: id, asset_id: asset!.id, url: asset!.url, name: filename });
    return { file, asset_id: asset!.id, url: asset!.url, sha256, size };
  } finally {
    bar.end();
  }
}

async function hashOf(path: string, tell: (at: number) => void): Promise<string> {
  const hash = createHash('sha256');
  let at = 0;
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(part as Buffer);
    tell((at += (part as Buffer).length));
  }
  return hash.digest('hex');
}
