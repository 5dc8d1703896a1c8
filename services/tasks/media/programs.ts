import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '#libs/bootstrap/tokens';
import { findMediaPrograms, type MediaPrograms } from '#libs/media/media-programs';
import { probe, type MediaFacts } from '#libs/media/probe';
import { runFfmpeg, type FfmpegOptions } from '#libs/media/run-ffmpeg';
import type { TasksConfig } from '../config.js';

/** ffmpeg and ffprobe as this process has them; without them whoever needs them is told how to get them. */
@Injectable()
export class Programs {
  constructor(@Inject(CONFIG) private readonly config: TasksConfig) {}

  find(): Promise<MediaPrograms> {
    return findMediaPrograms(this.config);
  }

  async run(args: readonly string[], options: FfmpegOptions): Promise<void> {
    await runFfmpeg(await this.find(), args, options);
  }

  async probe(path: string, signal?: AbortSignal): Promise<MediaFacts> {
    return probe(await this.find(), path, { signal });
  }
}
