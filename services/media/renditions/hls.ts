import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { userFile } from '#libs/media/ffmpeg-input';
import { runFfmpeg } from '#libs/media/run-ffmpeg';
import { toneMap } from '#libs/media/tone-map';
import { ladder, segmentsIn, type HlsVariant } from '../domain/hls-playlist.js';
import { hasSound, patience, type Making, type Rendition } from './rendition.js';

const SEGMENT_SECONDS = 4;
/** The most bits per second that a picture of this height needs. */
const BITS: readonly [height: number, bits: number][] = [
  [1080, 5_000_000],
  [720, 2_800_000],
  [480, 1_400_000],
  [0, 600_000],
];

/** A film in several qualities, cut into pieces of four seconds that begin alike in each, for players that change between them. */
export const hls: Rendition = {
  kind: 'hls',
  isFor: ({ kind }) => kind === 'video',
  async make(making) {
    const { programs, source, facts, signal } = making;
    const heights = ladder(facts.height ?? 240);
    const outputs = heights.flatMap((height) => output(height, making));
    await runFfmpeg(programs, [...userFile(source), ...outputs], { signal, timeLimitMs: patience(facts) });
    const variants = await Promise.all(heights.map((height) => variant(height, making)));
    const files = variants.flatMap(({ segments }) => segments.map(({ file }) => file));
    return { content: { variants }, files: files.map((name) => ({ name, contentType: 'video/mp2t' })) };
  },
};

function output(height: number, { folder, facts, programs }: Making): string[] {
  const bits = BITS.find(([from]) => height >= from)![1];
  const picture = [
    ...[
      '-map',
      '0:v:0',
      '-vf',
      `scale=trunc(iw*sar*${height}/ih/2)*2:${height},setsar=1${toneMap(facts, programs)}`,
      '-pix_fmt',
      'yuv420p',
    ],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-crf', '23'],
    ...['-maxrate', String(bits), '-bufsize', String(bits * 2), '-sc_threshold', '0'],
    ...['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_SECONDS})`],
  ];
  const sound = hasSound(facts) ? ['-map', '0:a:0', '-c:a', 'aac', '-b:a', '128k', '-ac', '2'] : ['-an'];
  const pieces = [
    ...[
      '-f',
      'hls',
      '-hls_time',
      String(SEGMENT_SECONDS),
      '-hls_playlist_type',
      'vod',
      '-hls_flags',
      'independent_segments',
    ],
    ...['-hls_segment_filename', join(folder, `${height}-%05d.ts`), join(folder, `${height}.m3u8`)],
  ];
  return [...picture, ...sound, ...pieces];
}

async function variant(height: number, { folder, facts }: Making): Promise<HlsVariant> {
  const listed = segmentsIn(await readFile(join(folder, `${height}.m3u8`), 'utf8'));
  const segments = await Promise.all(
    listed.map(async ({ file, seconds }) => ({ file, seconds, bytes: (await stat(join(folder, file))).size })),
  );
  const width = Math.floor(((facts.width ?? 16) * height) / (facts.height ?? 9) / 2) * 2;
  const bandwidth = Math.ceil(Math.max(...segments.map(({ bytes, seconds }) => (bytes * 8) / Math.max(seconds, 0.1))));
  return { name: String(height), width, height, bandwidth, segments };
}
