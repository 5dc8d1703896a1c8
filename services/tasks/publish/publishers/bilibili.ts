import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { TasksConfig } from '../../config.js';
import { Assets } from '../../media/assets.js';
import { Programs } from '../../media/programs.js';
import type { Publication, Publisher } from '../publisher.js';
import { filesFor, upload, type UploadFiles } from './uploader.js';

/** bilibili, by the program biliup. */
@Injectable()
export class BilibiliPublisher implements Publisher<UploadFiles> {
  readonly platform = 'bilibili';

  constructor(
    @Inject(CONFIG) private readonly config: TasksConfig,
    private readonly assets: Assets,
    private readonly programs: Programs,
  ) {}

  prepare(publication: Omit<Publication, 'call_id'>): Promise<UploadFiles> {
    return filesFor(publication, this.assets, this.programs);
  }

  async publish(publication: Publication, { films, credential, cover }: UploadFiles) {
    const { title, description, tags, bilibili_tid } = publication.job;
    const said = await upload(
      this.config.BILIUP_BIN,
      [
        ...['-u', credential, 'upload', ...films],
        `--title=${title ?? 'film'}`,
        ...(description ? [`--desc=${description}`] : []),
        ...(tags && tags.length > 0 ? [`--tag=${tags.join(',')}`] : []),
        ...(bilibili_tid === null ? [] : [`--tid=${bilibili_tid}`]),
        ...(cover === null ? [] : [`--cover=${cover}`]),
      ],
      publication,
    );
    return { ...said, note: 'uploaded by biliup' };
  }
}
