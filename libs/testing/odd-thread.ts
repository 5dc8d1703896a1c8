import { parentPort } from 'node:worker_threads';
import { AppError } from '#libs/errors/app-error';
import { answerQuestions } from '#libs/threads/answer-questions';

/** A thread that does what goes wrong in threads. */
answerQuestions((asked: string): string | Promise<string> => {
  if (asked === 'refuse') throw new AppError('conflict', 'Not this one.', { at: 3 });
  if (asked === 'break') throw new TypeError('unforeseen');
  // The answer does not come through any more, and with nothing left to wait for the thread is gone.
  if (asked === 'die') parentPort!.close();
  if (asked === 'silent') return new Promise(() => {});
  while (asked === 'endless') continue;
  return `${asked}!`;
});
