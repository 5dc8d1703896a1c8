import { Injectable } from '@nestjs/common';
import type { TaskHandler, TaskRun } from '../engine/task-handler.js';
import { frameOf, Studio } from '../generation/studio.js';
import { Assets } from '../media/assets.js';
import { Joiner } from '../render/joiner.js';

/** A film of screenshots: each is set in motion by itself, and all of them are joined in their order. */
@Injectable()
export class ComicHandler implements TaskHandler {
  readonly kind = 'clip.comic';

  constructor(
    private readonly studio: Studio,
    private readonly assets: Assets,
    private readonly joiner: Joiner,
  ) {}

  async run(run: TaskRun) {
    const { screenshot_urls: urls, prompt } = run.task.input as { screenshot_urls: string[]; prompt: string };
    const frame = frameOf(run.task.input);
    const films: string[] = [];
    for (const [at, url] of urls.entries()) {
      const picture = await this.studio.given(run, url);
      const film = await this.studio.film(run, { prompt, narration: '' }, picture, {
        name: `screenshot-${at + 1}`,
        frame,
        progress: (done) => run.progress((at + done) / (urls.length + 1), `screenshot ${at + 1} of ${urls.length}`),
      });
      films.push(film.path);
    }
    const path = await this.joiner.join(films, frame, run);
    const whole = await this.assets.keep(run, {
      path,
      name: 'comic.mp4',
      contentType: 'video/mp4',
      provenance: {
        provider: 'built-in',
        model: 'screenshots joined by ffmpeg',
        prompt,
        references: urls,
        parameters: frame,
      },
    });
    return { status: 'succeeded', video_url: whole.url, asset_id: whole.id };
  }
}
