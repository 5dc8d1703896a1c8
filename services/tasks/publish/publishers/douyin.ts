import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '#libs/bootstrap/tokens';
import { AppError } from '#libs/errors/app-error';
import type { TasksConfig } from '../../config.js';
import { Assets } from '../../media/assets.js';
import { Programs } from '../../media/programs.js';
import type { Publication, Publisher } from '../publisher.js';
import { filesFor, upload, type UploadFiles } from './uploader.js';

/** douyin, by the command of DOUYIN_UPLOADER_CMD: `/opt/up --video {video_path} --title {title}`. */
@Injectable()
export class DouyinPublisher implements Publisher<UploadFiles> {
  readonly platform = 'douyin';

  constructor(
    @Inject(CONFIG) private readonly config: TasksConfig,
    private readonly assets: Assets,
    private readonly programs: Programs,
  ) {}

  async prepare(publication: Omit<Publication, 'call_id'>): Promise<UploadFiles> {
    if (!this.config.DOUYIN_UPLOADER_CMD)
      throw new AppError('invalid', 'Douyin uploader not configured: set DOUYIN_UPLOADER_CMD.');
    if (publication.job.multi_part) throw new AppError('invalid', 'douyin takes one film, not several parts.');
    return filesFor(publication, this.assets, this.programs);
  }

  async publish(publication: Publication, { films, credential }: UploadFiles) {
    const { title, description } = publication.job;
    const [program, ...args] = filledCommand(this.config.DOUYIN_UPLOADER_CMD!, {
      video_path: films[0]!,
      credential_path: credential,
      title: title ?? '',
      description: description ?? '',
    });
    return { ...(await upload(program!, args, publication)), note: 'uploaded by the configured command' };
  }
}

/**
 * The arguments of a command template. It is taken apart first and filled in afterwards, so that no title can become an
 * argument of its own; parts with spaces stand in double quotes. Words that begin with a dash and stand alone get a space
 * before them: the program would take them for an option.
 */
export function filledCommand(template: string, words: Readonly<Record<string, string>>): string[] {
  const parts = [...template.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  return parts.map((part) => {
    const filled = part.replace(/\{(\w+)\}/g, (all, name: string) => (Object.hasOwn(words, name) ? words[name]! : all));
    return part.startsWith('{') && filled.startsWith('-') ? ` ${filled}` : filled;
  });
}
