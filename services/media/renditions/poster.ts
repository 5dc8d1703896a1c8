import { join } from 'node:path';
import { userFile } from '#libs/media/ffmpeg-input';
import { runFfmpeg } from '#libs/media/run-ffmpeg';
import { toneMap } from '#libs/media/tone-map';
import type { Rendition } from './rendition.js';

const FILE = 'poster.jpg';

/** One still of a film or a smaller copy of a picture, 1280 pixels at most. */
export const poster: Rendition = {
  kind: 'poster',
  isFor: ({ kind }) => kind !== 'audio',
  async make({ programs, source, folder, facts, signal }) {
    const length = facts.duration_seconds ?? 0;
    const seek = length > 2 ? ['-ss', String(Math.min(length / 10, 10))] : [];
    const choose = facts.kind === 'video' && length > 5 ? 'thumbnail=24,' : '';
    const fit = `${choose}scale='min(1280,iw*sar)':-2:flags=lanczos,setsar=1${toneMap(facts, programs)}`;
    const out = ['-frames:v', '1', '-vf', fit, '-pix_fmt', 'yuvj420p', '-q:v', '3', '-f', 'image2', '-update', '1'];
    await runFfmpeg(programs, [...seek, ...userFile(source), ...out, join(folder, FILE)], { signal });
    return { content: { file: FILE }, files: [{ name: FILE, contentType: 'image/jpeg' }] };
  },
};
