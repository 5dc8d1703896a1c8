import { parentPort } from 'node:worker_threads';
import { AppError, type Failure } from '#libs/errors/app-error';

export type ThreadAnswer<Answer> = { readonly answer: Answer } | { readonly failure: Failure; readonly stack: string };

/** What a thread says first, once its module is loaded. */
export const READY = 'ready';

/**
 * In the module of a `Thread`: answers what is asked, one after the other; what is thrown is thrown at the asker. What is `given` of an
 * answer is not copied on its way.
 */
export function answerQuestions<Asked, Answer>(
  work: (asked: Asked) => Answer | Promise<Answer>,
  given: (answer: Answer) => ArrayBuffer[] = () => [],
): void {
  const answered = async (asked: Asked): Promise<void> => {
    let answer: ThreadAnswer<Answer>;
    let gifts: ArrayBuffer[] = [];
    try {
      answer = { answer: await work(asked) };
      gifts = given(answer.answer);
    } catch (thrown) {
      answer = { failure: AppError.from(thrown).toFailure(), stack: String((thrown as Error).stack ?? thrown) };
    }
    parentPort!.postMessage(answer, gifts);
  };
  parentPort!.on('message', (asked: Asked) => void answered(asked));
  parentPort!.postMessage(READY);
}
