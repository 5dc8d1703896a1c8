import { z } from 'zod';
import { StoryboardScene } from '#libs/contracts/tasks-generation';
import { AppError } from '#libs/errors/app-error';
import type { Provider } from '../provider.js';
import { askJson, BAD_GATEWAY } from './ask.js';

const SYSTEM = `You write storyboards. Answer with a JSON list of 3 scenes and nothing else. Each scene is an object with
"scene_number" (a whole number from 1), "visual_description" (what is to be seen) and "narration" (what is said).`;

interface Settings {
  baseUrl: string;
  key?: string;
  model: string;
}

/** Storyboards by any endpoint that speaks OpenAI's chat completions. */
export class OpenAiChat implements Provider {
  readonly name = 'openai';

  constructor(private readonly settings: Settings) {}

  async storyboard(topic: string, signal: AbortSignal): Promise<StoryboardScene[]> {
    const { baseUrl, key, model } = this.settings;
    const messages = [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: topic },
    ];
    const answer = await askJson<Completion>('The language model', `${baseUrl}/chat/completions`, {
      key,
      signal,
      json: { model, temperature: 0.7, messages },
      timeoutMs: 25_000,
    });
    return scenesOf(answer.choices?.[0]?.message?.content ?? '');
  }
}

interface Completion {
  choices?: { message?: { content?: string | null } }[];
}

/** The scenes in a model's words, with or without a code fence around them; words that hold none are told as they fail. */
export function scenesOf(words: string): StoryboardScene[] {
  const text = (/```(?:json)?\s*([\s\S]*?)```/.exec(words)?.[1] ?? words).trim();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid', `Failed to parse LLM output: ${(cause as Error).message}`, BAD_GATEWAY, { cause });
  }
  const parsed = z.array(StoryboardScene).min(1).safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const isMissing = issue?.code === 'invalid_type' && issue.input === undefined;
  const why = isMissing ? 'Field required' : issue?.message;
  throw new AppError('invalid', `${issue?.path.join('.') || 'scenes'}: ${why}`, BAD_GATEWAY);
}
