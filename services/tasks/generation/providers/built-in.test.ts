import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TasksConfig } from '../../config.js';
import { Programs } from '../../media/programs.js';
import type { Workshop } from '../provider.js';
import { BuiltInProvider } from './built-in.js';

const programs = new Programs({} as TasksConfig);
const provider = new BuiltInProvider(programs);
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function workshop(): Workshop & { told: number[] } {
  const directory = mkdtempSync(join(tmpdir(), 'built-in-'));
  folders.push(directory);
  const told: number[] = [];
  return { directory, signal: new AbortController().signal, told, progress: (done) => void told.push(done) };
}

/** The mean brightness of one region, from 0 to 255. */
async function brightness(path: string, crop: string): Promise<number> {
  const { ffmpeg } = await programs.find();
  const pixels = execFileSync(ffmpeg, [
    ...['-v', 'error', '-i', path, '-frames:v', '1', '-vf', `crop=${crop},format=gray`, '-f', 'rawvideo', '-'],
  ]);
  return pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
}

const size = { width: 640, height: 360 };

test('a brief becomes a card with its words on it, and another brief another card', async () => {
  const [one, other] = [workshop(), workshop()];
  const made = await provider.picture(
    { prompt: `It's 100% dark: "a [storm], ${'\\'}n' comes; %{pts}`, references: [], ...size },
    one,
  );
  expect(await programs.probe(made.path)).toMatchObject({ kind: 'image', ...size });
  const again = await provider.picture({ prompt: 'Quite another brief', references: [], ...size }, other);
  expect(again.provenance).toMatchObject({ provider: 'built-in', prompt: 'Quite another brief', references: [] });
  const bytes = [made.path, again.path].map((path) => execFileSync('sha256sum', [path]).toString().slice(0, 64));
  expect(bytes[0]).not.toBe(bytes[1]);
});

test('who is to be recognised is on the card', async () => {
  const shop = workshop();
  const face = join(shop.directory, 'face.png');
  const { ffmpeg } = await programs.find();
  execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'color=c=white:s=100x100', '-frames:v', '1', face]);
  const reference = { name: 'Mara', url: 'https://media.test/mara.png', path: face };
  const made = await provider.picture({ prompt: 'Mara waits', references: [reference], ...size }, shop);
  expect(await brightness(made.path, '100:100:450:130')).toBeGreaterThan(240);
  expect(made.provenance.references).toEqual(['https://media.test/mara.png']);
});

test('a picture and words become a film that moves, sounds and shows the words', async () => {
  const shop = workshop();
  const picture = await provider.picture({ prompt: 'A lighthouse', references: [], ...size }, shop);
  const brief = {
    prompt: 'The light turns',
    narration: 'The lamp is lit. Nobody comes.',
    picture: { path: picture.path, url: 'https://media.test/p.png' },
    ...size,
  };
  const made = await provider.film(brief, shop);
  const facts = await programs.probe(made.path);
  expect(facts).toMatchObject({ kind: 'video', ...size, frame_rate: { num: 25, den: 1 } });
  expect(facts.streams.map(({ codec }) => codec)).toEqual(['h264', 'aac', 'mov_text']);
  expect(facts.duration_seconds).toBeGreaterThanOrEqual(3);
  expect(shop.told.at(-1)).toBe(1);
  const { ffmpeg } = await programs.find();
  const words = execFileSync(ffmpeg, ['-v', 'error', '-i', made.path, '-map', '0:s', '-f', 'srt', '-']).toString();
  expect(words).toContain('The lamp is lit.');
  const volume = execFileSync('sh', ['-c', `"${ffmpeg}" -i "${made.path}" -af volumedetect -f null - 2>&1`]).toString();
  expect(Number(/mean_volume: (-?[\d.]+)/.exec(volume)![1])).toBeGreaterThan(-60);
  expect(made.provenance.parameters).toMatchObject({ narration: brief.narration });
});

test('a film that is called off leaves no ffmpeg behind', async () => {
  const shop = workshop();
  const picture = await provider.picture({ prompt: 'Long', references: [], ...size }, shop);
  const abort = new AbortController();
  const making = provider.film(
    { prompt: 'x', narration: 'word '.repeat(400), picture: { path: picture.path, url: '' }, ...size },
    { ...shop, signal: abort.signal, progress: () => abort.abort(new Error('enough')) },
  );
  await expect(making).rejects.toThrow('enough');
  expect(running(shop.directory)).toEqual([]);
  expect(existsSync(shop.directory)).toBe(true);
});

function running(directory: string): string[] {
  const all = execFileSync('ps', ['-eo', 'args']).toString().split('\n');
  return all.filter((line) => line.includes('ffmpeg') && line.includes(directory));
}
