import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '#libs/config/package-root';
import { AppError } from '#libs/errors/app-error';
import { READY, type ThreadAnswer } from './answer-questions.js';

export interface ThreadOptions {
  /** The module of the thread, as a path below `dist`; it calls `answerQuestions`. */
  readonly module: string;
  /** How much processor time one question may take; of time by the clock, ten times as much. */
  readonly timeLimitMs: number;
  /** What is said when it takes longer. */
  readonly tooLong: string;
}

interface Question<Asked, Answer> {
  readonly asked: Asked;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: AppError) => void;
}

const IDLE_MS = 30_000;
const MOST_WAITING = 100;
const MEMORY_MB = 1024;
/** On a machine with much to do a thread gets a processor only now and then. */
const MOST_CLOCK_TIMES = 10;

/**
 * A thread beside the event loop for work that would hold it up. It answers one question after the other; a question that
 * takes too long or too much memory is `invalid`, costs the thread and no other question. It begins when first asked and
 * ends when idle.
 */
export class Thread<Asked, Answer> {
  private worker: Worker | undefined;
  private ready = Promise.resolve();
  private current: Question<Asked, Answer> | undefined;
  private readonly waiting: Question<Asked, Answer>[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ThreadOptions) {}

  ask(asked: Asked): Promise<Answer> {
    if (this.waiting.length >= MOST_WAITING)
      return Promise.reject(new AppError('unavailable', 'Too much of this kind waits already. Try again in a moment.'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ asked, resolve, reject });
      this.next();
    });
  }

  /** Ends the thread; what was not answered yet is `unavailable`. */
  async close(): Promise<void> {
    const ended = new AppError('unavailable', 'The process is about to end.');
    const unanswered = [this.current, ...this.waiting.splice(0)];
    this.current = undefined;
    unanswered.forEach((question) => question?.reject(ended));
    await this.end();
  }

  private next(): void {
    if (this.current) return;
    clearTimeout(this.timer);
    this.current = this.waiting.shift();
    if (this.current) {
      const worker = (this.worker ??= this.begin());
      void this.watch(this.current, worker);
      // While it is at work the process waits for it, whatever else has ended.
      worker.ref();
      worker.postMessage(this.current.asked);
    } else this.timer = setTimeout(() => void this.end(), IDLE_MS).unref();
  }

  /** Gives a question up that takes too long. That the thread has to begin first counts for nothing. */
  private async watch(question: Question<Asked, Answer>, worker: Worker): Promise<void> {
    const { timeLimitMs, tooLong } = this.options;
    await this.ready;
    const latest = performance.now() + MOST_CLOCK_TIMES * timeLimitMs;
    const before = await processorMs(worker);
    const look = async (): Promise<void> => {
      const left = timeLimitMs - ((await processorMs(worker)) - before);
      if (this.current !== question) return;
      if (left <= 0) this.give(new AppError('invalid', tooLong));
      else if (performance.now() >= latest)
        this.give(new AppError('unavailable', 'There is too much to do at the moment for this. Try again later.'));
      else this.timer = setTimeout(() => void look(), Math.max(left, timeLimitMs / 10));
    };
    if (this.current === question) this.timer = setTimeout(() => void look(), timeLimitMs);
  }

  private begin(): Worker {
    const worker = new Worker(join(packageRoot(), 'dist', this.options.module), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    worker.on('message', (answer: ThreadAnswer<Answer> | typeof READY) => {
      if (answer === READY) return resolve();
      // Before a worker runs this does not hold: it would keep the process for as long as it is idle.
      worker.unref();
      const question = this.current;
      this.current = undefined;
      if ('failure' in answer) question?.reject(failureOf(answer));
      else question?.resolve(answer.answer);
      this.next();
    });
    const broken = (error?: NodeJS.ErrnoException) => {
      if (this.worker !== worker) return;
      if (error?.code === 'ERR_WORKER_OUT_OF_MEMORY')
        this.give(new AppError('invalid', 'This takes more memory than there is for it.'));
      else this.give(new AppError('unavailable', 'The thread for this broke down.', undefined, { cause: error }));
    };
    worker.on('error', broken);
    worker.on('exit', () => broken());
    return worker;
  }

  /** Gives the thread up, and the question it was at. */
  private give(error: AppError): void {
    const question = this.current;
    this.current = undefined;
    void this.end();
    question?.reject(error);
    this.next();
  }

  private async end(): Promise<void> {
    clearTimeout(this.timer);
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }
}

/** The processor time of a thread so far; none of one that has not begun or has ended. */
async function processorMs(worker: Worker): Promise<number> {
  const { user, system } = await worker.cpuUsage().catch(() => ({ user: 0, system: 0 }));
  return (user + system) / 1000;
}

function failureOf({ failure, stack }: Extract<ThreadAnswer<unknown>, { failure: unknown }>): AppError {
  return new AppError(failure.code, failure.message, failure.details, { cause: stack });
}
