import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { StoryboardScene } from '#libs/contracts/tasks-generation';
import { AppError } from '#libs/errors/app-error';
import type { TaskHandler, TaskRun } from '../engine/task-handler.js';
import { Assets } from '../media/assets.js';
import { Joiner } from '../render/joiner.js';
import { Providers } from './providers.js';
import { frameOf, Studio, type Kept } from './studio.js';

/** A picture of words. */
@Injectable()
export class CharacterHandler implements TaskHandler {
  readonly kind = 'generate.character';

  constructor(private readonly studio: Studio) {}

  async run(run: TaskRun) {
    const { prompt, anchor_id } = run.task.input as { prompt: string; anchor_id?: number };
    if (prompt.trim() === '') throw new AppError('invalid', 'prompt is required');
    const references = await this.studio.reference(run, anchor_id);
    const { asset } = await this.studio.picture(run, prompt, references, {
      name: 'picture',
      frame: frameOf(run.task.input),
      progress: run.progress,
    });
    return {
      status: 'succeeded',
      image_url: asset.url,
      object_name: asset.object_name,
      asset_id: asset.id,
      provenance: asset.provenance,
    };
  }
}

interface SegmentWish {
  narration: string;
  visual_description: string;
  image_url?: string | null;
  continue_from?: string | null;
  anchor_id?: number | null;
}

/** One film: a given picture, the last frame of another film, or a picture made for it, set in motion. */
@Injectable()
export class SegmentHandler implements TaskHandler {
  readonly kind = 'generate.segment';

  constructor(
    private readonly studio: Studio,
    private readonly assets: Assets,
  ) {}

  async run(run: TaskRun) {
    const wish = run.task.input as unknown as SegmentWish;
    if (wish.visual_description.trim() === '') throw new AppError('invalid', 'visual_description is required');
    const frame = frameOf(run.task.input);
    const references = await this.studio.reference(run, wish.anchor_id);
    const begin = await this.beginning(run, wish, references, frame);
    run.progress(0.3, 'the first frame is there');
    const words = { prompt: wish.visual_description, narration: wish.narration };
    const film = await this.studio.film(run, words, begin, {
      name: 'film',
      frame,
      references,
      progress: (done, note) => run.progress(0.3 + done * 0.6, note),
    });
    const last = await this.studio.lastFrame(run, { path: film.path, url: film.asset.url }, 'last-frame');
    return {
      status: 'succeeded',
      narration: wish.narration,
      image_url: begin.url,
      video_url: film.asset.url,
      last_frame_url: last.asset.url,
      asset_id: film.asset.id,
      provenance: film.asset.provenance,
    };
  }

  private async beginning(
    run: TaskRun,
    { visual_description, image_url, continue_from }: SegmentWish,
    references: Parameters<Studio['picture']>[2],
    frame: { width: number; height: number },
  ): Promise<{ path: string; url: string }> {
    if (image_url && image_url.trim() !== '') return this.studio.given(run, image_url.trim());
    if (continue_from && continue_from.trim() !== '') {
      const path = join(run.directory, 'before');
      await this.assets.fetch(run, continue_from.trim(), path);
      return located(await this.studio.lastFrame(run, { path, url: continue_from.trim() }, 'first-frame'));
    }
    const made = await this.studio.picture(run, visual_description, references, {
      name: 'picture',
      frame,
      progress: (done, note) => run.progress(done * 0.3, note),
    });
    return located(made);
  }
}

interface ClipWish {
  topic: string;
  anchor_id?: number | null;
  continuous?: boolean;
}

type SceneResult = Record<string, unknown>;

/** A clip of a topic: each scene by itself, so that one that fails does not spoil the rest, then all in one film. */
@Injectable()
export class ClipHandler implements TaskHandler {
  readonly kind = 'generate.clip';

  constructor(
    private readonly studio: Studio,
    private readonly providers: Providers,
    private readonly joiner: Joiner,
    private readonly assets: Assets,
  ) {}

  async run(run: TaskRun) {
    const { topic, anchor_id, continuous = false } = run.task.input as unknown as ClipWish;
    if (topic.trim() === '') throw new AppError('invalid', 'topic is required');
    const scenes = await this.providers.storyboard(topic, run.signal);
    const references = await this.studio.reference(run, anchor_id);
    const clips: SceneResult[] = [];
    const films: string[] = [];
    let before: Kept | undefined;
    for (const [at, scene] of scenes.entries()) {
      const share = (done: number, note?: string) =>
        run.progress((at + done) / (scenes.length + 1), `scene ${at + 1}: ${note ?? ''}`);
      const made = await this.scene(run, scene, { at, references, before: continuous ? before : undefined, share });
      clips.push(made.told);
      if (!made.film) continue;
      films.push(made.film.path);
      if (continuous)
        before = await this.studio.lastFrame(
          run,
          { path: made.film.path, url: made.film.asset.url },
          `last-frame-${at + 1}`,
        );
    }
    if (films.length === 0) throw new AppError('invalid', `No scene could be made: ${String(clips[0]?.reason)}`);
    const path = await this.joiner.join(films, frameOf(run.task.input), run);
    const whole = await this.assets.keep(run, {
      path,
      name: 'clip.mp4',
      contentType: 'video/mp4',
      provenance: {
        provider: 'built-in',
        model: 'scenes joined by ffmpeg',
        prompt: topic,
        references: clips.map(({ video_url }) => video_url ?? null),
      },
    });
    return { status: 'succeeded', video_url: whole.url, asset_id: whole.id, clips };
  }

  private async scene(
    run: TaskRun,
    scene: StoryboardScene,
    {
      at,
      references,
      before,
      share,
    }: {
      at: number;
      references: Parameters<Studio['picture']>[2];
      before?: Kept;
      share: (done: number, note?: string) => void;
    },
  ): Promise<{ told: SceneResult; film?: Kept }> {
    const frame = frameOf(run.task.input);
    let image_url: string | undefined;
    try {
      const picture =
        before ??
        (await this.studio.picture(run, scene.visual_description, references, {
          name: `picture-${at + 1}`,
          frame,
          progress: (done, note) => share(done * 0.3, note),
        }));
      image_url = picture.asset.url;
      const film = await this.studio.film(
        run,
        { prompt: scene.visual_description, narration: scene.narration },
        located(picture),
        { name: `film-${at + 1}`, frame, references, progress: (done, note) => share(0.3 + done * 0.6, note) },
      );
      const { scene_number, narration } = scene;
      return { told: { scene_number, narration, image_url, video_url: film.asset.url }, film };
    } catch (thrown) {
      run.signal.throwIfAborted();
      const error = AppError.from(thrown);
      if (error.code !== 'invalid') throw thrown;
      const what = image_url === undefined ? 'Image generation failed' : 'Video generation failed';
      return { told: { scene, error: what, reason: error.message, ...(image_url !== undefined && { image_url }) } };
    }
  }
}

const located = ({ path, asset }: Kept) => ({ path, url: asset.url });
