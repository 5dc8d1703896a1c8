import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { timelineFromOtio } from '#libs/timeline/otio';
import { Api, Refusal } from './demo/api.js';
import { playJourney } from './demo/journey.js';

/** `npm run demo [-- film.otio]`: the core journey on a real film, against the platform at EVIDVERSE_URL (http://localhost:8000). */
const url = process.env.EVIDVERSE_URL ?? 'http://localhost:8000';
const path = process.argv[2] ?? join(packageRoot(), 'scripts', 'demo-film.otio');

let minted = 0;
const newId = (prefix: string) => `${prefix}_${Date.now()}_${(++minted).toString(16).padStart(6, '0')}`;

try {
  const film = timelineFromOtio(JSON.parse(await readFile(path, 'utf8')), { newId });
  console.log(`\nThe core journey, with ${basename(path)}, on ${url}\n`);
  await playJourney(new Api(url), { name: basename(path).replace(/\.\w+$/, ''), ...film }, (line) => console.log(line));
} catch (error) {
  console.error(`\nThe demo stopped: ${words(error)}`);
  process.exit(1);
}

function words(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (!(error instanceof Error)) return String(error);
  const unreachable = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
  return unreachable ? `nothing answers at ${url}. Start the platform first: npm start` : error.message;
}
