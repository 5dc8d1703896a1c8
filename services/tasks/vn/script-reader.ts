import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Thread } from '#libs/threads/thread';
import type { Engine } from '../domain/vn/script.js';
import { previewScript, readScript, type ScriptQuestion, type ScriptRead } from './read-script.js';

/** Below this a script is read faster than a thread could be told of it. */
const SHORT = 100_000;

/** Reads scripts without holding the event loop up: long ones in a thread, which is ended when a script takes too long. */
@Injectable()
export class ScriptReader implements OnApplicationShutdown {
  private readonly thread = new Thread<ScriptQuestion, ScriptRead>({
    module: 'services/tasks/vn/parse-thread.js',
    timeLimitMs: 60_000,
    tooLong: 'The script takes too long to read.',
  });

  async preview(engine: Engine, text: string): Promise<Pick<ScriptRead, 'engine' | 'events' | 'problems'>> {
    return text.length < SHORT ? previewScript(engine, text) : this.thread.ask({ way: 'preview', engine, text });
  }

  async read(engine: Engine, text: string): Promise<ScriptRead> {
    return text.length < SHORT ? readScript(engine, text) : this.thread.ask({ way: 'read', engine, text });
  }

  onApplicationShutdown(): Promise<void> {
    return this.thread.close();
  }
}
