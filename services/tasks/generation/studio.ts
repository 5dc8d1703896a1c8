import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Asset } from '#libs/contracts/media-assets';
import { getAnchor } from '#libs/contracts/projects';
import { userFile } from '#libs/media/ffmpeg-input';
import { Broker } from '#libs/messaging/broker';
import type { TaskRun } from '../engine/task-handler.js';
import { Assets } from '../media/assets.js';
import { Programs } from '../media/programs.js';
import type { Made, Reference } from './provider.js';
import { Providers } from './providers.js';

/** A file that was made and is an asset now. */
export interface Kept {
  path: string;
  asset: Asset;
}

export interface Frame {
  width: number;
  height: number;
}

interface Step {
  /** Tells outputs of one task apart; the same step always has the same name. */
  name: string;
  frame: Frame;
  progress: (done: number, note?: string) => void;
}

const TYPES: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
};

/** The steps that all making is put together of: somebody to be recognised, a picture, a film, the last frame of one. */
@Injectable()
export class Studio {
  constructor(
    private readonly providers: Providers,
    private readonly assets: Assets,
    private readonly programs: Programs,
    private readonly broker: Broker,
  ) {}

  /** The character of an anchor with its reference picture, for those who may see the anchors of its project. */
  async reference(run: TaskRun, anchor_id: unknown): Promise<Reference[]> {
    if (typeof anchor_id !== 'number') return [];
    const { name, project_id, reference_image_url: url } = await this.broker.call(getAnchor, { anchor_id }, run.caller);
    const path = join(run.directory, `anchor${anchor_id}`);
    await this.assets.fetch(run, url, path, { in_project: project_id });
    return [{ name, url, path }];
  }

  async picture(run: TaskRun, prompt: string, references: readonly Reference[], step: Step): Promise<Kept> {
    const made = await this.providers.picture(
      { prompt: bound(prompt, references), references, ...step.frame },
      { directory: await this.shop(run), signal: run.signal, progress: step.progress },
    );
    return this.keep(run, made, step.name);
  }

  async film(
    run: TaskRun,
    words: { prompt: string; narration: string },
    picture: { path: string; url: string },
    step: Step & { references?: readonly Reference[] },
  ): Promise<Kept> {
    const made = await this.providers.film(
      { prompt: bound(words.prompt, step.references ?? []), narration: words.narration, picture, ...step.frame },
      { directory: await this.shop(run), signal: run.signal, progress: step.progress },
    );
    return this.keep(run, made, step.name);
  }

  /** A picture that people named, brought here. */
  async given(run: TaskRun, url: string): Promise<{ path: string; url: string }> {
    const path = join(await this.shop(run), 'given');
    await this.assets.fetch(run, url, path);
    return { path, url };
  }

  /** The last frame of a film, as a picture of its own: what follows can begin with it. */
  async lastFrame(run: TaskRun, film: { path: string; url: string }, name: string): Promise<Kept> {
    const path = join(await this.shop(run), 'last.png');
    const { duration_seconds } = await this.programs.probe(film.path, run.signal);
    const from = Math.max(0, (duration_seconds ?? 0) - 1);
    await this.programs.run(
      [
        '-ss',
        String(from),
        ...userFile(film.path),
        '-map',
        '0:v:0',
        '-f',
        'image2',
        '-update',
        '1',
        '-c:v',
        'png',
        path,
      ],
      { signal: run.signal },
    );
    const provenance = {
      provider: 'built-in',
      model: `last frame, by ffmpeg ${(await this.programs.find()).version}`,
      prompt: '',
      references: [film.url],
      parameters: {},
    };
    return this.keep(run, { path, contentType: 'image/png', provenance }, name);
  }

  private async keep(run: TaskRun, { path, contentType, provenance }: Made, name: string): Promise<Kept> {
    const asset = await this.assets.keep(run, {
      path,
      name: `${name}.${TYPES[contentType] ?? 'bin'}`,
      contentType,
      provenance: { ...provenance },
    });
    return { path, asset };
  }

  private shop({ directory }: TaskRun): Promise<string> {
    return mkdtemp(join(directory, 'shop-'));
  }
}

/** The prompt with the characters bound into it, so that a model which sees the words alone keeps to them too. */
function bound(prompt: string, references: readonly Reference[]): string {
  const said = references.map(
    ({ name }) => `${name} looks exactly as in the reference picture: same face, hair and clothes.`,
  );
  return [prompt, ...said].join('\n');
}

/** The size that is wished for, in even numbers; 1280 by 720 unless told otherwise. */
export function frameOf({ width, height }: { width?: unknown; height?: unknown }): Frame {
  const even = (size: unknown, usual: number) => (typeof size === 'number' ? 2 * Math.round(size / 2) : usual);
  return { width: even(width, 1280), height: even(height, 720) };
}
