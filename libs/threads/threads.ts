import { Thread, type ThreadOptions } from './thread.js';

/** Several threads of one module that share all questions, whoever asks them; each is as `Thread` promises. */
export class Threads<Asked, Answer> {
  /** Each of them twice: while it answers one question, the next is made. */
  private readonly free: Thread<Asked, Answer>[];
  private readonly urgent: Waiting<Asked, Answer> = [];
  private readonly waiting: Waiting<Asked, Answer> = [];

  constructor(options: ThreadOptions, count: number) {
    const threads = Array.from({ length: count }, () => new Thread<Asked, Answer>(options));
    this.free = [...threads, ...threads];
  }

  /** The answers in the order of the questions. Each question is made when a thread is about to be free for it; `urgent` ones do not wait behind others. */
  askAll(questions: readonly (() => Asked | Promise<Asked>)[], { urgent = false } = {}): Promise<Answer[]> {
    return Promise.all(questions.map((question) => this.ask(question, urgent ? this.urgent : this.waiting)));
  }

  private async ask(question: () => Asked | Promise<Asked>, queue: Waiting<Asked, Answer>): Promise<Answer> {
    const thread = this.free.shift() ?? (await new Promise<Thread<Asked, Answer>>((take) => queue.push(take)));
    try {
      return await thread.ask(await question());
    } finally {
      const next = this.urgent.shift() ?? this.waiting.shift();
      if (next) next(thread);
      else this.free.push(thread);
    }
  }
}

type Waiting<Asked, Answer> = ((thread: Thread<Asked, Answer>) => void)[];
