import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { describeLosses } from '#libs/timeline/interchange/losses/describe-losses';
import { timelineFromOtio } from '#libs/timeline/interchange/otio';
import { Api } from './demo/api.js';
import { playJourney } from './demo/journey.js';

/** `npm run demo [-- film.otio]`: the core journey on a real film, against the platform at EVIDVERSE_URL (http://localhost:8000). */
const url = process.env.EVIDVERSE_URL ?? 'http://localhost:8000';
const path = process.argv[2] ?? join(packageRoot(), 'scripts', 'demo-film.otio');

try {
  const film = await readFilm(path);
  console.log(`\nThe core journey, with ${basename(path)}, on ${url}\n`);
  await playJourney(new Api(url), film, (line) => console.log(line));
} catch (error) {
  console.error(`\nThe demo stopped: ${words(error as Error)}`);
  process.exit(1);
}

async function readFilm(path: string) {
  let minted = 0;
  const newId = (prefix: string) => `${prefix}_${Date.now()}_${(++minted).toString(16).padStart(6, '0')}`;
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`${path} cannot be read. Give the path of an OpenTimelineIO file.`);
  });
  let otio: { name?: unknown };
  try {
    otio = JSON.parse(text) as { name?: unknown };
  } catch {
    throw new Error(`${path} is not an OpenTimelineIO file: it is not JSON.`);
  }
  const title = typeof otio.name === 'string' && otio.name !== '' ? otio.name : basename(path).replace(/\.\w+$/, '');
  const { document, losses } = timelineFromOtio(otio, { newId });
  return { name: title, document, losses: describeLosses(losses, { language: 'en' }) };
}

function words(error: Error): string {
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return `nothing answers at ${url}. Start the platform first: npm start`;
  return code === undefined ? error.message : `${url} cannot be reached (${code}).`;
}
