import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yazl from 'yazl';
import { scriptsAt, scriptsInZip } from './script-archive.js';

const folder = mkdtempSync(join(tmpdir(), 'archives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function written(bytes: Buffer): string {
  const path = join(folder, `${++files}`);
  writeFileSync(path, bytes);
  return path;
}

async function zipped(files: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content as string), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('an archive gives its scripts by their paths, and passes over what is none', async () => {
  const bytes = await zipped({ 'game/b.rpy': 'label b:', 'game/a.rpy': 'label a:', 'game/cg.png': 'x' });
  const path = written(bytes);
  const { scripts, skipped } = await scriptsInZip(path);
  expect(scripts.map(({ name, bytes: content }) => [name, content.toString()])).toEqual([
    ['game/a.rpy', 'label a:'],
    ['game/b.rpy', 'label b:'],
  ]);
  expect(skipped).toBe(1);
  expect(await scriptsAt(path, 'game.zip')).toEqual(scripts);
});

test('an archive that would unpack to more than a script can be is refused, as is one that is broken', async () => {
  const bomb = await zipped({ 'bomb.ks': Buffer.alloc(70 * 1024 * 1024) });
  expect(bomb.length).toBeLessThan(200_000);
  await expect(scriptsInZip(written(bomb))).rejects.toMatchObject({ code: 'invalid' });
  const whole = await zipped({ 'a.rpy': 'label a:' });
  await expect(scriptsInZip(written(whole.subarray(0, whole.length - 12)))).rejects.toMatchObject({ code: 'invalid' });
});

test('a script is what its bytes are; one that is far too long is refused without being read', async () => {
  const path = written(Buffer.from('label a:'));
  expect(await scriptsAt(path, 'a.rpy')).toEqual([{ name: 'a.rpy', bytes: Buffer.from('label a:') }]);
  truncateSync(path, 2 ** 40);
  await expect(scriptsAt(path, 'a.rpy')).rejects.toMatchObject({ code: 'invalid' });
  const none = written(await zipped({ 'cg.png': 'x' }));
  await expect(scriptsAt(none, 'game.zip')).rejects.toMatchObject({ message: 'There is no script in this archive.' });
});
