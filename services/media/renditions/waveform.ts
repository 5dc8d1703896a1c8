import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userFile } from '#libs/media/ffmpeg-input';
import { runFfmpeg } from '#libs/media/run-ffmpeg';
import { Peaks } from '../domain/peaks.js';
import { hasSound, patience, type Rendition } from './rendition.js';

const FILE = 'waveform.json';
const RATE = 8000;

/** How loud it is over time, as points from 0 to 255. */
export const waveform: Rendition = {
  kind: 'waveform',
  isFor: (facts) => facts.kind !== 'image' && hasSound(facts),
  async make({ programs, source, folder, facts, signal }) {
    const peaks = new Peaks(RATE / 100);
    await runFfmpeg(
      programs,
      [...userFile(source), '-map', '0:a:0', '-ac', '1', '-ar', String(RATE), '-f', 's16le', '-'],
      {
        signal,
        timeLimitMs: patience(facts),
        onOutput: (chunk) => peaks.add(chunk),
      },
    );
    const drawn = peaks.done();
    const points_per_second = RATE / drawn.samples_per_peak;
    await writeFile(join(folder, FILE), JSON.stringify({ points_per_second, peaks: drawn.peaks }));
    return {
      content: { file: FILE, points_per_second, count: drawn.peaks.length },
      files: [{ name: FILE, contentType: 'application/json' }],
    };
  },
};
