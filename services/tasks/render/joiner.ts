import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/errors/app-error';
import { fraction } from '#libs/timeline/interchange/fraction';
import { sequencePlan } from '../domain/render/render-plan.js';
import type { TaskRun } from '../engine/task-handler.js';
import { Programs } from '../media/programs.js';
import { FilmMaker, type LocalMedia } from './film-maker.js';

/** Puts films one after the other, each as long as it is. */
@Injectable()
export class Joiner {
  constructor(private readonly programs: Programs) {}

  async join(paths: readonly string[], frame: { width: number; height: number }, run: TaskRun): Promise<string> {
    const media = new Map<string, LocalMedia>();
    for (const path of paths) media.set(path, { path, facts: await this.programs.probe(path, run.signal) });
    const files = paths.map((path) => ({ url: path, seconds: secondsOf(media.get(path)!) }));
    const rate = media.get(paths[0]!)!.facts.frame_rate ?? { num: 25, den: 1 };
    const plan = sequencePlan(files, fraction(BigInt(rate.num), BigInt(rate.den)));
    const work = { directory: run.directory, signal: run.signal, progress: () => {} };
    return (await new FilmMaker(this.programs).make(plan, media, { format: 'mp4', ...frame }, work)).path;
  }
}

export function secondsOf({ facts }: LocalMedia) {
  if (facts.duration_seconds === null) throw new AppError('invalid', 'The length of a film is not known.');
  return fraction(BigInt(Math.round(facts.duration_seconds * 1e6)), 1_000_000n);
}
