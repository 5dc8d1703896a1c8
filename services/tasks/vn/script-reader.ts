import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { packageRoot } from '#libs/config/package-root';
import { AppError } from '#libs/errors/app-error';
import type { Engine } from '../domain/vn/script.js';
import { previewScript, readScript, type ScriptRead } from './read-script.js';

/** Below this a script is read faster than a thread could be told of it. */
const SHORT = 100_000;
const TIME_LIMIT_MS = 60_000;
const IDLE_MS = 30_000;

interface Waiting {
  resolve: (answer: ScriptRead) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** Reads scripts without holding the event loop up: long ones in a thread, which is ended when a script takes too long. */
@Injectable()
export class ScriptReader implements OnApplicationShutdown {
  private thread: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  private idle: NodeJS.Timeout | undefined;

  async preview(engine: Engine, text: string): Promise<Pick<ScriptRead, 'engine' | 'events' | 'problems'>> {
    return text.length < SHORT ? previewScript(engine, text) : this.ask('preview', engine, text);
  }

  async read(engine: Engine, text: string): Promise<ScriptRead> {
    return text.length < SHORT ? readScript(engine, text) : this.ask('read', engine, text);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.end('The process is about to end.');
  }

  private ask(way: 'read' | 'preview', engine: Engine, text: string): Promise<ScriptRead> {
    clearTimeout(this.idle);
    const thread = (this.thread ??= this.begin());
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      const late = () => void this.end('The script takes too long to read.', 'invalid');
      this.waiting.set(id, { resolve, reject, timer: setTimeout(late, TIME_LIMIT_MS) });
      thread.postMessage({ id, way, engine, text });
    });
  }

  private begin(): Worker {
    const thread = new Worker(join(packageRoot(), 'dist', 'services', 'tasks', 'vn', 'parse-thread.js'));
    thread.unref();
    thread.on('message', ({ id, answer, failure }: { id: number; answer?: ScriptRead; failure?: string }) => {
      const asked = this.waiting.get(id);
      this.waiting.delete(id);
      clearTimeout(asked?.timer);
      if (answer) asked?.resolve(answer);
      else asked?.reject(new Error(failure));
      if (this.waiting.size === 0) this.idle = setTimeout(() => void this.end('idle'), IDLE_MS).unref();
    });
    thread.on('error', (error) => void this.end(`The reader of scripts broke down: ${error.message}`));
    return thread;
  }

  private async end(why: string, code: 'invalid' | 'unavailable' = 'unavailable'): Promise<void> {
    clearTimeout(this.idle);
    const { thread } = this;
    this.thread = undefined;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new AppError(code, why));
    }
    this.waiting.clear();
    await thread?.terminate();
  }
}
