import yazl from 'yazl';
import { isZip, scriptsInZip } from './script-archive.js';

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
  expect(isZip(bytes)).toBe(true);
  const { scripts, skipped } = await scriptsInZip(bytes);
  expect(scripts.map(({ name, bytes: content }) => [name, content.toString()])).toEqual([
    ['game/a.rpy', 'label a:'],
    ['game/b.rpy', 'label b:'],
  ]);
  expect(skipped).toBe(1);
});

test('an archive that would unpack to more than a script can be is refused, as is one that is broken', async () => {
  const bomb = await zipped({ 'bomb.ks': Buffer.alloc(70 * 1024 * 1024) });
  expect(bomb.length).toBeLessThan(200_000);
  await expect(scriptsInZip(bomb)).rejects.toMatchObject({ code: 'invalid' });
  const whole = await zipped({ 'a.rpy': 'label a:' });
  await expect(scriptsInZip(whole.subarray(0, whole.length - 12))).rejects.toMatchObject({ code: 'invalid' });
});
