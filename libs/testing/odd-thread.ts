import { AppError } from '#libs/errors/app-error';
import { answerQuestions } from '#libs/threads/answer-questions';

/** A thread that does what goes wrong in threads. */
answerQuestions((asked: string) => {
  if (asked === 'refuse') throw new AppError('conflict', 'Not this one.', { at: 3 });
  if (asked === 'break') throw new TypeError('unforeseen');
  if (asked === 'die') process.exit(1);
  while (asked === 'endless') continue;
  return `${asked}!`;
});
