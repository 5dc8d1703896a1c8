import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';
import { QueueModule } from '#libs/queue/queue.module';
import { ComicHandler } from './clips/comic-handler.js';
import { Drill } from './engine/drill.js';
import { Heart } from './engine/heart.js';
import { Runner } from './engine/runner.js';
import { FOLLOW_UPS } from './engine/settle.js';
import { TASK_HANDLERS, type TaskHandler } from './engine/task-handler.js';
import { TASKS_ENTITIES } from './entities.js';
import { followUps } from './follow-ups.js';
import { CharacterHandler, ClipHandler, SegmentHandler } from './generation/handlers.js';
import { Providers } from './generation/providers.js';
import { Studio } from './generation/studio.js';
import { MediaToolsModule } from './media/media-tools.module.js';
import { Accounts } from './publish/accounts.js';
import { PublishHandler, PUBLISHERS } from './publish/publish-handler.js';
import type { Publisher } from './publish/publisher.js';
import { BilibiliPublisher } from './publish/publishers/bilibili.js';
import { DouyinPublisher } from './publish/publishers/douyin.js';
import { SitePublisher } from './publish/publishers/site.js';
import { WebhookPublisher } from './publish/publishers/webhook.js';
import { Joiner } from './render/joiner.js';
import { RenderHandler } from './render/render-handler.js';
import { ParseHandler } from './vn/parse-handler.js';
import { ScriptReader } from './vn/script-reader.js';

const HANDLERS = [
  CharacterHandler,
  SegmentHandler,
  ClipHandler,
  ComicHandler,
  ParseHandler,
  RenderHandler,
  PublishHandler,
  Drill,
];
const PUBLISHING = [SitePublisher, WebhookPublisher, BilibiliPublisher, DouyinPublisher];

/** Does the work of tasks: takes wake-ups from the queue, and looks in the database what they mean. */
@Module({
  imports: [DatabaseModule.for('tasks', TASKS_ENTITIES), QueueModule.for('tasks'), MediaToolsModule],
  providers: [
    { provide: FOLLOW_UPS, useValue: followUps },
    Providers,
    Studio,
    Joiner,
    ScriptReader,
    Accounts,
    ...PUBLISHING,
    { provide: PUBLISHERS, useFactory: (...publishers: Publisher[]) => publishers, inject: PUBLISHING },
    ...HANDLERS,
    { provide: TASK_HANDLERS, useFactory: (...handlers: TaskHandler[]) => handlers, inject: HANDLERS },
    Heart,
    Runner,
  ],
})
export class WorkerModule {}
