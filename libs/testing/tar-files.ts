import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import tar from 'tar-stream';

export interface TarFile {
  name: string;
  body: Buffer;
  type?: 'file' | 'symlink' | 'directory';
  linkname?: string;
}

/** The files of a tar, in order. */
export async function filesOfTar(bytes: Buffer): Promise<TarFile[]> {
  const files: TarFile[] = [];
  const extract = Readable.from([bytes]).pipe(tar.extract());
  for await (const entry of extract) files.push({ name: entry.header.name, body: await buffer(entry) });
  return files;
}

/** A tar of files, whatever they are called. */
export async function tarOf(files: readonly TarFile[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { name, body, type = 'file', linkname } of files)
    if (type === 'file') pack.entry({ name }, body);
    else pack.entry({ name, type, ...(linkname !== undefined && { linkname }) });
  pack.finalize();
  return buffer(pack);
}
