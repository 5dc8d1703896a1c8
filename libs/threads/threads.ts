import { Thread, type ThreadOptions } from './thread.js';

/** Several threads of one module that share long lists of questions; each is as `Thread` promises. */
export class Threads<Asked, Answer> {
  private readonly threads: readonly Thread<Asked, Answer>[];

  constructor(options: ThreadOptions, count: number) {
    this.threads = Array.from({ length: count }, () => new Thread<Asked, Answer>(options));
  }

  /** The answers in the order of the questions. Each question is made when a thread is free for it. */
  async askAll(questions: readonly (() => Asked | Promise<Asked>)[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    let next = 0;
    const askNext = async (thread: Thread<Asked, Answer>): Promise<void> => {
      for (let at = next++; at < questions.length; at = next++) answers[at] = await thread.ask(await questions[at]!());
    };
    await Promise.all(this.threads.map(askNext));
    return answers;
  }
}
