import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { Outbound } from '#libs/outbound/outbound';
import type { TasksConfig } from '../config.js';
import { Programs } from '../media/programs.js';
import type { ProviderName } from './generation-config.js';
import type { Provider } from './provider.js';
import { BuiltInProvider } from './providers/built-in.js';
import { ComfyUi } from './providers/comfyui.js';
import { OpenAiChat } from './providers/openai-chat.js';
import { Seedance } from './providers/seedance.js';
import { Stability } from './providers/stability.js';

type Craft = 'storyboard' | 'picture' | 'film';

/**
 * Who makes what. A craft's providers are those of the settings, in their order; without settings those that are
 * configured, and without any of these the built-in one. The next is asked when one is unavailable.
 */
@Injectable()
export class Providers {
  private readonly known: ReadonlyMap<ProviderName, Provider>;

  constructor(
    @Inject(CONFIG) private readonly config: TasksConfig,
    @Inject(LOG) private readonly log: Log,
    programs: Programs,
    outbound: Outbound,
  ) {
    this.known = new Map(
      providersOf(config, programs, outbound).map((provider) => [provider.name as ProviderName, provider]),
    );
  }

  storyboard(topic: string, signal: AbortSignal) {
    return this.first('storyboard', (provider) => provider.storyboard!(topic, signal));
  }

  picture(...asked: Parameters<NonNullable<Provider['picture']>>) {
    return this.first('picture', (provider) => provider.picture!(...asked));
  }

  film(...asked: Parameters<NonNullable<Provider['film']>>) {
    return this.first('film', (provider) => provider.film!(...asked));
  }

  private async first<T>(craft: Craft, make: (provider: Provider) => Promise<T>): Promise<T> {
    const order = this.order(craft);
    for (const [at, name] of order.entries()) {
      const provider = this.known.get(name);
      if (!provider?.[craft])
        throw new AppError(
          'invalid',
          `${name} makes no ${craft}, or is not configured: see GENERATION_${craft.toUpperCase()}.`,
        );
      try {
        return await make(provider);
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (error.code !== 'unavailable' || at === order.length - 1) throw thrown;
        this.log.warn({ err: thrown, provider: name }, `a ${craft} is asked of the next provider`);
      }
    }
    throw new AppError('invalid', `Nobody is named in GENERATION_${craft.toUpperCase()}.`);
  }

  private order(craft: Craft): readonly ProviderName[] {
    const { GENERATION_STORYBOARD, GENERATION_PICTURE, GENERATION_FILM } = this.config;
    const wished = { storyboard: GENERATION_STORYBOARD, picture: GENERATION_PICTURE, film: GENERATION_FILM }[craft];
    if (wished && wished.length > 0) return wished;
    const able = [...this.known]
      .filter(([name, provider]) => name !== 'built-in' && provider[craft])
      .map(([name]) => name);
    return able.length > 0 ? able : ['built-in'];
  }
}

function providersOf(config: TasksConfig, programs: Programs, outbound: Outbound): Provider[] {
  const {
    OPENAI_BASE_URL: openai,
    STABILITY_API_KEY: stability,
    SEEDANCE_BASE_URL: seedance,
    COMFYUI_URL: comfyui,
  } = config;
  return [
    ...(openai !== undefined || config.OPENAI_API_KEY !== undefined
      ? [
          new OpenAiChat({
            baseUrl: openai ?? 'https://api.openai.com/v1',
            key: config.OPENAI_API_KEY,
            model: config.OPENAI_MODEL,
          }),
        ]
      : []),
    ...(comfyui !== undefined
      ? [
          new ComfyUi({
            url: comfyui,
            checkpoint: config.COMFYUI_CHECKPOINT,
            workflow: config.COMFYUI_WORKFLOW,
            filmWorkflow: config.COMFYUI_FILM_WORKFLOW,
          }),
        ]
      : []),
    ...(stability !== undefined ? [new Stability({ host: config.STABILITY_HOST, key: stability })] : []),
    ...(seedance !== undefined ? [new Seedance({ baseUrl: seedance, key: config.SEEDANCE_API_KEY }, outbound)] : []),
    new BuiltInProvider(programs, config.FONT_FILE),
  ];
}
