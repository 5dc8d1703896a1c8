import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { getAsset, showAssets } from '#libs/contracts/media-assets';
import { updateProject } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import type { Publication, Publisher } from '../publisher.js';

/** The platform's own site: the project is opened to the world, and its rendered film with it. */
@Injectable()
export class SitePublisher implements Publisher<{ asset_id: string }> {
  readonly platform = 'site';

  constructor(
    private readonly broker: Broker,
    private readonly database: DataSource,
  ) {}

  async prepare({ job }: Pick<Publication, 'job'>): Promise<{ asset_id: string }> {
    const [render] = await this.database.query<{ asset_id: string | null }[]>(
      'select asset_id from renders where id = $1 and project_id = $2',
      [job.render_id, job.project_id],
    );
    if (job.project_id === null || !render?.asset_id)
      throw new AppError('invalid', 'On the own site a film is published from its project; give project_id.');
    return { asset_id: render.asset_id };
  }

  async publish({ job, run }: Publication, { asset_id }: { asset_id: string }) {
    const project_id = job.project_id!;
    await this.broker.call(updateProject, { project_id, is_public: true }, run.caller);
    await this.broker.call(showAssets, { asset_ids: [asset_id], is_public: true }, run.caller);
    await this.database.query('update renders set is_published = true where id = $1', [job.render_id]);
    const asset = await this.broker.call(getAsset, { asset_id }, run.caller);
    return { project_id, render_id: job.render_id, video_url: asset.public_url ?? asset.url };
  }
}
