import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import type { Made, PictureBrief, Provider, Workshop } from '../provider.js';
import { askJson } from './ask.js';

const MODEL = 'stable-diffusion-v1-6';
const PARAMETERS = { cfg_scale: 7, steps: 30, samples: 1 };
/** How much of the reference is to stay. */
const STRENGTH = 0.35;

/** Pictures by Stability; with a reference the picture begins from it. */
export class Stability implements Provider {
  readonly name = 'stability';

  constructor(private readonly settings: { host: string; key: string }) {}

  async picture({ prompt, references }: PictureBrief, { directory, signal }: Workshop): Promise<Made> {
    const { host, key } = this.settings;
    const [reference] = references;
    const way = reference ? 'image-to-image' : 'text-to-image';
    const answer = await askJson<{ artifacts?: { base64?: string; seed?: number; finishReason?: string }[] }>(
      'Stability',
      `${host}/v1/generation/${MODEL}/${way}`,
      {
        key,
        signal,
        ...(reference
          ? { form: await formOf(prompt, reference.path) }
          : { json: { text_prompts: [{ text: prompt }], ...PARAMETERS } }),
      },
    );
    const [artifact] = answer.artifacts ?? [];
    if (artifact?.base64 === undefined) throw new AppError('invalid', 'Stability made no picture of this.');
    if (artifact.finishReason === 'CONTENT_FILTERED')
      throw new AppError('invalid', 'Stability refuses to show the picture it made of this.');
    const path = join(directory, 'picture.png');
    await writeFile(path, Buffer.from(artifact.base64, 'base64'));
    return {
      path,
      contentType: 'image/png',
      provenance: {
        provider: this.name,
        model: MODEL,
        prompt,
        references: references.map(({ url }) => url),
        parameters: { ...PARAMETERS, seed: artifact.seed ?? null, ...(reference && { image_strength: STRENGTH }) },
        ...(references.length > 1 && { notes: ['Only the first reference was used; Stability takes one.'] }),
      },
    };
  }
}

async function formOf(prompt: string, path: string): Promise<FormData> {
  const form = new FormData();
  form.set('init_image', new Blob([await readFile(path)]), 'reference.png');
  form.set('init_image_mode', 'IMAGE_STRENGTH');
  form.set('image_strength', String(STRENGTH));
  form.set('text_prompts[0][text]', prompt);
  for (const [name, value] of Object.entries(PARAMETERS)) form.set(name, String(value));
  return form;
}
