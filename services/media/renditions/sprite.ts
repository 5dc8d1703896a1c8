import { join } from 'node:path';
import { userFile } from '#libs/media/ffmpeg-input';
import { runFfmpeg } from '#libs/media/run-ffmpeg';
import { toneMap } from '#libs/media/tone-map';
import { patience, type Rendition } from './rendition.js';

const FILE = 'sprite.jpg';
const COLUMNS = 10;
const MOST_FRAMES = 100;
const WIDTH = 160;
const LONG_SECONDS = 300;

/** Small stills at even steps in one picture, to be shown where the pointer hovers over the time line. */
export const sprite: Rendition = {
  kind: 'sprite',
  isFor: ({ kind, duration_seconds }) => kind === 'video' && (duration_seconds ?? 0) > 1,
  async make({ programs, source, folder, facts, signal }) {
    const length = facts.duration_seconds!;
    const count = Math.max(2, Math.min(MOST_FRAMES, Math.floor(length)));
    const rows = Math.ceil(count / COLUMNS);
    const height = Math.max(2, Math.round((WIDTH * (facts.height ?? 9)) / (facts.width ?? 16) / 2) * 2);
    // Of long films only the frames that stand by themselves are decoded.
    const quick = length > LONG_SECONDS ? ['-skip_frame', 'nokey'] : [];
    const tile = `fps=${count}/${length},scale=${WIDTH}:${height},setsar=1${toneMap(facts, programs)},tile=${COLUMNS}x${rows}`;
    const out = ['-frames:v', '1', '-vf', tile, '-pix_fmt', 'yuvj420p', '-q:v', '4', '-f', 'image2', '-update', '1'];
    await runFfmpeg(programs, [...quick, ...userFile(source), '-an', ...out, join(folder, FILE)], {
      signal,
      timeLimitMs: patience(facts),
    });
    const content = {
      file: FILE,
      count,
      columns: COLUMNS,
      rows,
      frame_width: WIDTH,
      frame_height: height,
      seconds_per_frame: length / count,
    };
    return { content, files: [{ name: FILE, contentType: 'image/jpeg' }] };
  },
};
