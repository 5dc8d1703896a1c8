import type { AnswerOf } from '../../api/typed-calls.js';

type Conflict = AnswerOf<'/api/v1/merge-requests/{merge_request_id}/conflicts', 'get'>['items'][number];
type Take = Conflict['choices'][number]['take'];

/** Each conflict with what it is about, and the ways out of it, as one says them, or the one that was taken. */
export const conflictLines = (
  conflicts: readonly Conflict[],
  said: (take: Take, id: string) => string = (take) => `--take ${take}`,
): string[] =>
  conflicts.flatMap(({ id, where, what, choices, resolution }) => [
    `${shortId(id)}  ${where}: ${what}`,
    ...(resolution === null
      ? choices.map(({ take, words }) => `    ${said(take, shortId(id))}: ${words}`)
      : [`    decided: ${resolution.take}`]),
  ]);

const shortId = (id: string): string => id.slice(0, 10);
