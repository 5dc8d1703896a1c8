import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#libs/errors/app-error';
import type { FilmBrief, Made, PictureBrief, Provider, Workshop } from '../provider.js';
import { ask, askJson, pause } from './ask.js';
import { filled, plainWorkflow, type Workflow } from './comfyui-workflow.js';

interface Settings {
  url: string;
  checkpoint: string;
  /** Files with workflows in ComfyUI's API format, whose texts may hold `{{prompt}}`, `{{width}}`, `{{picture}}` … */
  workflow?: string;
  filmWorkflow?: string;
  lookEveryMs?: number;
}

const MOST_MS = 15 * 60_000;

/** Pictures and films by a ComfyUI server and a workflow of the operator's, or for pictures a plain one. */
export class ComfyUi implements Provider {
  readonly name = 'comfyui';
  readonly film?: (brief: FilmBrief, workshop: Workshop) => Promise<Made>;

  constructor(private readonly settings: Settings) {
    if (settings.filmWorkflow !== undefined) this.film = (brief, workshop) => this.makeFilm(brief, workshop);
  }

  async picture(brief: PictureBrief, workshop: Workshop): Promise<Made> {
    const [reference] = brief.references;
    const uploaded = reference && (await this.upload(reference.path, workshop.signal));
    const given = this.settings.workflow;
    const workflow = given === undefined ? plainWorkflow(this.settings.checkpoint) : await read(given);
    const { prompt, width, height } = brief;
    const notes =
      reference && !JSON.stringify(workflow).includes('{{reference}}')
        ? ['The workflow has no place for a reference; only the words of the prompt speak of it.']
        : undefined;
    const made = await this.make(workflow, { prompt, width, height, reference: uploaded ?? '' }, workshop);
    return this.told(
      made,
      prompt,
      brief.references.map(({ url }) => url),
      notes,
    );
  }

  private async makeFilm(brief: FilmBrief, workshop: Workshop): Promise<Made> {
    const { prompt, narration, width, height } = brief;
    const picture = await this.upload(brief.picture.path, workshop.signal);
    const workflow = await read(this.settings.filmWorkflow!);
    const made = await this.make(workflow, { prompt, narration, width, height, picture }, workshop);
    return this.told(made, prompt, [brief.picture.url]);
  }

  private async make(
    workflow: Workflow,
    words: Record<string, string | number>,
    { directory, signal, progress }: Workshop,
  ) {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const asked = { prompt: filled(workflow, { ...words, seed }), client_id: randomUUID() };
    const begun = await askJson<{ prompt_id?: string }>('ComfyUI', `${this.settings.url}/prompt`, {
      json: asked,
      signal,
    });
    if (begun.prompt_id === undefined) throw new AppError('invalid', 'ComfyUI did not take the workflow.');
    const file = await this.finished(begun.prompt_id, signal, progress).catch(async (thrown: unknown) => {
      if (signal.aborted) await this.callOff(begun.prompt_id!);
      throw thrown;
    });
    const path = join(directory, `made${extname(file.filename) || '.png'}`);
    const query = new URLSearchParams({
      filename: file.filename,
      subfolder: file.subfolder ?? '',
      type: file.type ?? 'output',
    });
    const answer = await ask('ComfyUI', `${this.settings.url}/view?${query}`, { signal });
    await pipeline(Readable.fromWeb(answer.body!), createWriteStream(path), { signal });
    return { path, seed, contentType: TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream' };
  }

  private async finished(id: string, signal: AbortSignal, progress: Workshop['progress']): Promise<FileName> {
    const until = Date.now() + MOST_MS;
    for (let looks = 1; Date.now() < until; looks++) {
      await pause(this.settings.lookEveryMs ?? 1000, signal);
      const history = await askJson<History>('ComfyUI', `${this.settings.url}/history/${encodeURIComponent(id)}`, {
        signal,
      });
      const entry = history[id];
      if (entry?.status?.status_str === 'error')
        throw new AppError('invalid', `ComfyUI failed: ${JSON.stringify(entry.status.messages ?? []).slice(0, 500)}`);
      const files = Object.values(entry?.outputs ?? {}).flatMap(({ videos = [], gifs = [], images = [] }) => [
        ...videos,
        ...gifs,
        ...images,
      ]);
      const file = files.find(({ type }) => type !== 'temp') ?? files[0];
      if (file) return file;
      if (entry?.status?.completed) throw new AppError('invalid', 'The workflow of ComfyUI ended without a file.');
      progress(1 - 1 / (1 + looks / 10), 'ComfyUI is at work');
    }
    throw new AppError('unavailable', 'Generation timed out');
  }

  private async upload(path: string, signal: AbortSignal): Promise<string> {
    const form = new FormData();
    form.set('image', new Blob([await readFile(path)]), `${randomUUID()}${extname(basename(path)) || '.png'}`);
    const { name, subfolder } = await askJson<{ name: string; subfolder?: string }>(
      'ComfyUI',
      `${this.settings.url}/upload/image`,
      { form, signal },
    );
    return subfolder ? `${subfolder}/${name}` : name;
  }

  /** Out of its queue, and stopped if it runs; a ComfyUI that does not answer finishes for nobody. */
  private async callOff(id: string): Promise<void> {
    const signal = AbortSignal.timeout(2000);
    const { url } = this.settings;
    await ask('ComfyUI', `${url}/queue`, { json: { delete: [id] }, signal }).catch(() => {});
    await ask('ComfyUI', `${url}/interrupt`, { json: { prompt_id: id }, signal }).catch(() => {});
  }

  private told(
    { path, seed, contentType }: { path: string; seed: number; contentType: string },
    prompt: string,
    references: string[],
    notes?: string[],
  ): Made {
    const { workflow, checkpoint } = this.settings;
    const model = workflow === undefined ? checkpoint : basename(workflow);
    return {
      path,
      contentType,
      provenance: { provider: this.name, model, prompt, references, parameters: { seed }, ...(notes && { notes }) },
    };
  }
}

interface FileName {
  filename: string;
  subfolder?: string;
  type?: string;
}

type History = Record<
  string,
  {
    status?: { completed?: boolean; status_str?: string; messages?: unknown[] };
    outputs?: Record<string, { images?: FileName[]; gifs?: FileName[]; videos?: FileName[] }>;
  }
>;

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

async function read(path: string): Promise<Workflow> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Workflow;
  } catch (cause) {
    throw new AppError('invalid', `The workflow ${path} cannot be read.`, undefined, { cause });
  }
}
