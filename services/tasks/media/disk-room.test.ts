import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { DiskRoom } from './disk-room.js';

test('files fill the room together, and the one that needs more than is left is refused', async () => {
  const room = new DiskRoom(2 * 1024 ** 2);
  const bring = (bytes: number) =>
    pipeline(Readable.from([Buffer.alloc(bytes)]), room.filling(), (file: AsyncIterable<Buffer>) => buffer(file));
  expect((await bring(1024 ** 2)).length).toBe(1024 ** 2);
  expect((await bring(1024 ** 2)).length).toBe(1024 ** 2);
  await expect(bring(1)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('2 MiB') as string,
  });
});
