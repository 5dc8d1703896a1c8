import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { getCommit } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import type { MediaPrograms } from '#libs/media/media-programs';
import { toneFault } from '#libs/media/tone-map';
import { isDocument, type Document } from '#libs/timeline/document';
import { fraction, type Fraction } from '#libs/timeline/interchange/fraction';
import { frameRate } from '#libs/timeline/interchange/frame-rate';
import { toldLosses } from '#libs/timeline/interchange/losses/describe-losses';
import type { Loss } from '#libs/timeline/interchange/losses/loss';
import { Losses } from '#libs/timeline/interchange/losses/losses';
import { renderPlan, sequencePlan, videoUrlsIn, type RenderPlan } from '../domain/render/render-plan.js';
import type { TaskHandler, TaskRun } from '../engine/task-handler.js';
import { Assets } from '../media/assets.js';
import { Programs } from '../media/programs.js';
import { FilmMaker, type LocalMedia } from './film-maker.js';
import { secondsOf } from './joiner.js';
import type { RenderWish } from './renders.js';

/** Makes the film of a commit: its media brought here, its timeline laid out, the result an asset of the commit. */
@Injectable()
export class RenderHandler implements TaskHandler {
  readonly kind = 'render';

  constructor(
    private readonly broker: Broker,
    private readonly assets: Assets,
    private readonly programs: Programs,
  ) {}

  async run(run: TaskRun) {
    const wish = run.task.input as unknown as RenderWish;
    const { project_id, commit_id, format } = wish;
    const { video_assets } = await this.broker.call(getCommit, { project_id, commit: commit_id }, run.caller);
    const rate = wish.rate === null ? undefined : frameRate(wish.rate);
    const { plan, media } = hasTimeline(video_assets)
      ? await this.ofTimeline(run, renderPlan(video_assets, rate))
      : await this.ofFiles(run, video_assets, rate);
    const { width, height } = sizeOf(wish, plan, media);
    const programs = await this.programs.find();
    const work = { directory: run.directory, signal: run.signal, progress: run.progress };
    const film = await new FilmMaker(this.programs).make(plan, media, { format, width, height }, work);
    run.signal.throwIfAborted();
    const size = (await stat(film.path)).size;
    const asset = await this.assets.keep(run, {
      path: film.path,
      name: `${commit_id.slice(0, 12)}.${format}`,
      contentType: `video/${format}`,
      commit_id,
      provenance: {
        provider: 'render',
        model: `ffmpeg ${programs.version}`,
        parameters: { format, width, height, rate: `${plan.rate.n}/${plan.rate.d}`, frames: plan.frames },
        references: plan.urls,
      },
    });
    return {
      status: 'succeeded',
      video_url: asset.url,
      asset_id: asset.id,
      commit_id,
      size,
      duration_seconds: film.seconds,
      ...toldLosses([...plan.losses, ...tonesLost(media, programs)], 'en'),
    };
  }

  private async ofTimeline(run: TaskRun, plan: RenderPlan) {
    return { plan, media: await this.bring(run, plan.urls) };
  }

  /** What clients without a timeline commit: addresses of videos, which become one film in their order. */
  private async ofFiles(run: TaskRun, snapshot: Document, rate: Fraction | undefined) {
    const urls = videoUrlsIn(snapshot);
    if (urls.length === 0) throw new AppError('invalid', 'No exportable video URL found in HEAD commit');
    const media = await this.bring(run, urls);
    const first = media.get(urls[0]!)!.facts.frame_rate ?? { num: 24, den: 1 };
    const files = urls.map((url) => ({ url, seconds: secondsOf(media.get(url)!) }));
    return { plan: sequencePlan(files, rate ?? fraction(BigInt(first.num), BigInt(first.den))), media };
  }

  private async bring(run: TaskRun, urls: readonly string[]): Promise<Map<string, LocalMedia>> {
    const media = new Map<string, LocalMedia>();
    for (const [at, url] of urls.entries()) {
      run.progress((0.1 * at) / urls.length, `file ${at + 1} of ${urls.length} is brought here`);
      const path = join(run.directory, `media${at}`);
      await this.assets.fetch(run, url, path, { in_project: run.task.project_id });
      media.set(url, { path, facts: await this.programs.probe(path, run.signal) });
    }
    return media;
  }
}

function tonesLost(media: ReadonlyMap<string, LocalMedia>, programs: MediaPrograms): Loss[] {
  const losses = new Losses();
  for (const [name, { facts }] of media) {
    const reason = toneFault(facts, programs);
    if (reason !== undefined) losses.add('hdr_tones', { place: { kind: 'asset', name }, values: { reason } });
  }
  return losses.report;
}

function hasTimeline(document: Document): boolean {
  return Array.isArray(document.editorData) && document.editorData.some((row) => isDocument(row));
}

/** The wished size, or that of the first picture there is, at most 1920 by 1080; always in even numbers. */
function sizeOf(wish: RenderWish, plan: RenderPlan, media: ReadonlyMap<string, LocalMedia>) {
  const first = plan.pieces.map(({ shown }) => shown && media.get(shown.url)?.facts).find((facts) => facts?.width);
  const [ownWidth, ownHeight] = [first?.width ?? 1280, first?.height ?? 720];
  const shape = ownWidth / ownHeight;
  const even = (size: number) => Math.max(64, 2 * Math.round(size / 2));
  if (wish.width !== null && wish.height !== null) return { width: even(wish.width), height: even(wish.height) };
  if (wish.width !== null) return { width: even(wish.width), height: even(wish.width / shape) };
  if (wish.height !== null) return { width: even(wish.height * shape), height: even(wish.height) };
  const shrink = Math.min(1, 1920 / Math.max(ownWidth, ownHeight), 1080 / Math.min(ownWidth, ownHeight));
  return { width: even(ownWidth * shrink), height: even(ownHeight * shrink) };
}
