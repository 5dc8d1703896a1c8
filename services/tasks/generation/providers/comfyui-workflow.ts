/** A workflow in ComfyUI's API format: nodes by id, each with a class and inputs. */
export type Workflow = Record<string, { class_type: string; inputs: Record<string, unknown> }>;

/** A plain way from words to a picture, with nothing but ComfyUI's own nodes. */
export function plainWorkflow(checkpoint: string): Workflow {
  return {
    model: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: checkpoint } },
    wanted: { class_type: 'CLIPTextEncode', inputs: { clip: ['model', 1], text: '{{prompt}}' } },
    unwanted: { class_type: 'CLIPTextEncode', inputs: { clip: ['model', 1], text: 'text, watermark' } },
    empty: { class_type: 'EmptyLatentImage', inputs: { width: '{{width}}', height: '{{height}}', batch_size: 1 } },
    sampled: {
      class_type: 'KSampler',
      inputs: {
        model: ['model', 0],
        positive: ['wanted', 0],
        negative: ['unwanted', 0],
        latent_image: ['empty', 0],
        seed: '{{seed}}',
        steps: 25,
        cfg: 7,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise: 1,
      },
    },
    picture: { class_type: 'VAEDecode', inputs: { samples: ['sampled', 0], vae: ['model', 2] } },
    saved: { class_type: 'SaveImage', inputs: { images: ['picture', 0], filename_prefix: 'evidverse' } },
  };
}

/** The workflow with `{{name}}` replaced; a text that is nothing else becomes the value itself, numbers included. */
export function filled(workflow: Workflow, words: Readonly<Record<string, string | number>>): Workflow {
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
    if (typeof value !== 'string') return value;
    const whole = /^\{\{(\w+)\}\}$/.exec(value)?.[1];
    if (whole !== undefined && Object.hasOwn(words, whole)) return words[whole];
    return value.replace(/\{\{(\w+)\}\}/g, (all, name: string) =>
      Object.hasOwn(words, name) ? String(words[name]) : all,
    );
  };
  return fill(workflow) as Workflow;
}
