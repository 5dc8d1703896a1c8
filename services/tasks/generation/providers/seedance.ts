import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#libs/errors/app-error';
import type { Outbound } from '#libs/outbound/outbound';
import type { FilmBrief, Made, Provider, Workshop } from '../provider.js';
import { askJson, pause } from './ask.js';

const PARAMETERS = { motion_bucket_id: 127 };
const MOST_LOOKS = 60;
const MOST_BYTES = 1024 ** 3;

interface Settings {
  baseUrl: string;
  key?: string;
  /** Between two looks at how far it is; two seconds unless told otherwise. */
  lookEveryMs?: number;
}

/** Films by Seedance: begun with a picture, then asked after until they are there. */
export class Seedance implements Provider {
  readonly name = 'seedance';

  constructor(
    private readonly settings: Settings,
    private readonly outbound: Outbound,
  ) {}

  async film({ prompt, narration, picture }: FilmBrief, { directory, signal, progress }: Workshop): Promise<Made> {
    const { baseUrl, key } = this.settings;
    const begun = await askJson<{ id?: string }>('Seedance', `${baseUrl}/generation/image-to-video`, {
      key,
      signal,
      json: { image_url: picture.url, prompt, ...PARAMETERS },
    });
    if (begun.id === undefined) throw new AppError('invalid', 'Seedance did not begin the film.');
    const url = await this.finished(begun.id, signal, progress);
    const path = join(directory, 'film.mp4');
    const answer = await this.outbound.open(url, { redirects: 5, maxBytes: MOST_BYTES, timeoutMs: 300_000, signal });
    if (answer.status !== 200) {
      answer.body.destroy();
      throw new AppError('unavailable', `The film that Seedance made cannot be fetched (${answer.status}).`);
    }
    await pipeline(answer.body, createWriteStream(path), { signal });
    return {
      path,
      contentType: 'video/mp4',
      provenance: {
        provider: this.name,
        model: 'seedance image-to-video',
        prompt,
        references: [picture.url],
        parameters: { ...PARAMETERS, task: begun.id, narration },
      },
    };
  }

  private async finished(id: string, signal: AbortSignal, progress: Workshop['progress']): Promise<string> {
    const { baseUrl, key, lookEveryMs = 2000 } = this.settings;
    for (let look = 1; look <= MOST_LOOKS; look++) {
      await pause(lookEveryMs, signal);
      const seen = await askJson<Seen>('Seedance', `${baseUrl}/tasks/${encodeURIComponent(id)}`, { key, signal });
      const status = (seen.status ?? '').toLowerCase();
      if (/^(succeeded|success|completed)$/.test(status)) {
        if (typeof seen.output?.url === 'string') return seen.output.url;
        throw new AppError('invalid', 'Seedance says it is done, but names no film.');
      }
      if (/^(failed|failure|error|cancell?ed)$/.test(status))
        throw new AppError('invalid', `Seedance failed: ${wordsOf(seen.error)}`);
      progress(look / MOST_LOOKS, `Seedance says: ${status || 'nothing'}`);
    }
    throw new AppError('unavailable', 'Generation timed out');
  }
}

interface Seen {
  status?: string;
  output?: { url?: string };
  error?: unknown;
}

const wordsOf = (error: unknown): string =>
  typeof error === 'string' ? error.slice(0, 500) : JSON.stringify(error ?? 'it does not say why').slice(0, 500);
