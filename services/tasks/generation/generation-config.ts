import { z } from 'zod';
import { url } from '#libs/config/common-config';
import type { AppMode } from '#libs/config/read-config';

export const PROVIDER_NAMES = ['openai', 'stability', 'seedance', 'comfyui', 'built-in'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

const address = url(/^https?:\/\//, 'an address as https://api.example.org is expected').transform((text) =>
  text.replace(/\/+$/, ''),
);
const providers = z
  .string()
  .transform((text, context): ProviderName[] => {
    const names = text.split(',').flatMap((name) => name.trim() || []);
    for (const name of names)
      if (!PROVIDER_NAMES.includes(name as ProviderName))
        context.addIssue({ code: 'custom', message: `${name} is not one of ${PROVIDER_NAMES.join(', ')}` });
    return names as ProviderName[];
  })
  .optional();

/** Who makes storyboards, pictures and films, and how they are reached. Without any of it the built-in provider does. */
export const GenerationConfig = (_mode: AppMode) => ({
  GENERATION_STORYBOARD: providers,
  GENERATION_PICTURE: providers,
  GENERATION_FILM: providers,
  OPENAI_BASE_URL: address.optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_MODEL: z.string().default('gpt-4o-mini'),
  STABILITY_HOST: address.default('https://api.stability.ai'),
  STABILITY_API_KEY: z.string().optional(),
  SEEDANCE_BASE_URL: address.optional(),
  SEEDANCE_API_KEY: z.string().optional(),
  COMFYUI_URL: address.optional(),
  COMFYUI_CHECKPOINT: z.string().default('v1-5-pruned-emaonly.safetensors'),
  COMFYUI_WORKFLOW: z.string().optional(),
  COMFYUI_FILM_WORKFLOW: z.string().optional(),
  FONT_FILE: z.string().optional(),
});
