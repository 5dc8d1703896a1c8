import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userFile } from './ffmpeg-input.js';
import { findMediaPrograms, type MediaPrograms } from './media-programs.js';
import { probe, type MediaFacts } from './probe.js';
import { toneMap, toneNote } from './tone-map.js';

let folder: string;
let programs: MediaPrograms;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tones-'));
  programs = await findMediaPrograms();
});
afterAll(() => rm(folder, { recursive: true }));

/** A still grey film of the given code (of 255), as a camera writes HDR: HEVC of ten bits, BT.2020. */
async function hdrFilm(curve: string, grey: number): Promise<{ path: string; facts: MediaFacts }> {
  const path = join(folder, `${curve}-${grey}.mp4`);
  const source = ['-f', 'lavfi', '-i', `color=c=0x${grey.toString(16).repeat(3)}:s=64x64:r=10:d=0.5`];
  const colours = `colorprim=bt2020:transfer=${curve}:colormatrix=bt2020nc:log-level=none`;
  const encode = ['-c:v', 'libx265', '-x265-params', colours, '-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1'];
  execFileSync(programs.ffmpeg, ['-v', 'error', '-y', ...source, ...encode, path]);
  return { path, facts: await probe(programs, path) };
}

/** How bright the picture is once the filters have made an ordinary one of it, from 16 (black) to 235. */
function brightness(path: string, filters: string): number {
  const args = ['-v', 'error', ...userFile(path), '-frames:v', '1', '-vf', `scale=64:64${filters}`];
  const bytes = execFileSync(programs.ffmpeg, [...args, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-']);
  return bytes[64 * 32 + 32]!;
}

test.each([
  ['smpte2084', 'pq'],
  ['arib-std-b67', 'hlg'],
] as const)('an HDR picture (%s) is as bright on an ordinary screen as it was meant to be', async (curve, hdr) => {
  const [dark, skin] = [await hdrFilm(curve, 0x20), await hdrFilm(curve, 0x80)];
  expect(skin.facts.hdr).toBe(hdr);
  expect(toneNote(skin.facts, programs)).toBeUndefined();
  const filters = toneMap(skin.facts, programs);
  // Half the code of PQ is the white of paper, about 100 nits.
  if (hdr === 'pq') expect(brightness(skin.path, filters)).toBeGreaterThan(brightness(skin.path, '') + 20);
  expect(brightness(dark.path, filters)).toBeLessThan(brightness(skin.path, filters) - 40);
});

test('an ordinary picture is left alone', async () => {
  const facts = { hdr: null, streams: [] };
  expect([toneMap(facts, programs), toneNote(facts, programs)]).toEqual(['', undefined]);
});

test('an ffmpeg that cannot map tones leaves them, and it is said what to do', async () => {
  const { facts } = await hdrFilm('smpte2084', 0x80);
  expect(toneMap(facts, { toneMaps: false })).toBe('');
  expect(toneNote(facts, { toneMaps: false })).toMatch(/^It is HDR, and this ffmpeg has no zscale and tonemap/);
});

test('Dolby Vision without a layer that all can read is not made worse, and it is said', () => {
  const facts = { hdr: 'dolby_vision', streams: [{ hdr: 'dolby_vision', colour_transfer: null }] } as never;
  expect(toneMap(facts, { toneMaps: true })).toBe('');
  expect(toneNote(facts, { toneMaps: true })).toMatch(/^It is Dolby Vision without/);
});
