import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { admitToProject } from '#libs/contracts/projects-media';
import type * as contract from '#libs/contracts/tasks-generation';
import type { TaskAccepted } from '#libs/contracts/tasks';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { onceForKey } from '../engine/idempotency.js';
import { enqueue } from '../engine/enqueue.js';
import type { KindName } from '../engine/kinds.js';
import type { Within } from '../engine/within.js';
import { Providers } from './providers.js';

const PATIENCE_MS = 27_000;

/** Takes wishes for pictures and films, and answers for storyboards at once. */
@Injectable()
export class Generation {
  constructor(
    private readonly database: DataSource,
    private readonly broker: Broker,
    private readonly providers: Providers,
  ) {}

  character(caller: Caller, wish: InputOf<typeof contract.generateCharacter>): Promise<TaskAccepted> {
    return this.accept(caller, 'generate.character', wish);
  }

  clip(caller: Caller, wish: InputOf<typeof contract.generateClip>, within?: Within): Promise<TaskAccepted> {
    return this.accept(caller, 'generate.clip', wish, within);
  }

  segment(caller: Caller, wish: InputOf<typeof contract.generateSegment>): Promise<TaskAccepted> {
    return this.accept(caller, 'generate.segment', wish);
  }

  async storyboard(topic: string) {
    if (topic.trim() === '') throw new AppError('invalid', 'topic is required');
    return { storyboard: await this.providers.storyboard(topic, AbortSignal.timeout(PATIENCE_MS)) };
  }

  private async accept(
    caller: Caller,
    kind: KindName,
    { idempotency_key, project_id, ...input }: Record<string, unknown> & Asked,
    within?: Within,
  ): Promise<TaskAccepted> {
    const user_id = caller.user_id!;
    const project = await this.projectFor(caller, project_id);
    // Without a key it is one statement, which is a transaction by itself.
    const isOne = within === undefined && !idempotency_key;
    const inside = within ?? (isOne ? this.atOnce : this.inTransaction);
    const task_id = await inside((manager) =>
      onceForKey(manager, { user_id, operation: kind, key: idempotency_key, input: { ...input, project } }, () =>
        enqueue(manager, { kind, user_id, project_id: project, input }),
      ),
    );
    return { task_id, status: 'pending' };
  }

  private readonly atOnce: Within = (work) => work(this.database.manager);
  private readonly inTransaction: Within = (work) => this.database.transaction(work);

  /** What is made for a project becomes its asset, so its maker must be allowed to add some. */
  private async projectFor(caller: Caller, project_id: string | null | undefined): Promise<string | null> {
    if (project_id === null || project_id === undefined) return null;
    const { allowed, project_id: id } = await this.broker.call(
      admitToProject,
      { project_id, action: 'addMedia' },
      caller,
    );
    if (!allowed) throw new AppError('unauthorized', 'Not enough permissions');
    return id;
  }
}

interface Asked {
  idempotency_key?: string | null;
  project_id?: string | null;
}
