import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMediaPrograms, packagedPath } from './media-programs.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programs-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('ffmpeg and ffprobe are found without a word', async () => {
  const programs = await findMediaPrograms();
  expect(programs.ffmpeg).toMatch(/ffmpeg/);
  expect(programs.ffprobe).toMatch(/ffprobe/);
  expect(programs.version).toMatch(/\d/);
});

test('the binaries that npm brought run', async () => {
  const [FFMPEG_PATH, FFPROBE_PATH] = [packagedPath('ffmpeg'), packagedPath('ffprobe')];
  expect(FFMPEG_PATH).toMatch(/@ffmpeg-installer/);
  const programs = await findMediaPrograms({ FFMPEG_PATH, FFPROBE_PATH });
  expect(programs).toMatchObject({ ffmpeg: FFMPEG_PATH, ffprobe: FFPROBE_PATH, version: expect.stringMatching(/\d/) });
});

test('a path that is set and does not run is said to be wrong, and nothing else is tried in its place', async () => {
  await expect(findMediaPrograms({ FFMPEG_PATH: '/nowhere/ffmpeg' })).rejects.toMatchObject({
    code: 'unavailable',
    message: '/nowhere/ffmpeg does not run as ffmpeg. Correct FFMPEG_PATH, or unset it to have ffmpeg looked for.',
  });
});

test('ffprobe is expected beside an ffmpeg that is named by its path', async () => {
  await writeFile(join(folder, 'ffmpeg'), '#!/bin/sh\necho "ffmpeg version 9.9"', { mode: 0o755 });
  await writeFile(join(folder, 'ffprobe'), '#!/bin/sh\necho "ffprobe version 9.9"', { mode: 0o755 });
  await expect(findMediaPrograms({ FFMPEG_PATH: join(folder, 'ffmpeg') })).resolves.toEqual({
    ffmpeg: join(folder, 'ffmpeg'),
    ffprobe: join(folder, 'ffprobe'),
    version: '9.9',
    toneMaps: false,
  });
});
