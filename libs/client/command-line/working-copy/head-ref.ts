import { AppError } from '#libs/errors/app-error';
import type { State } from './working-copy.js';

/** A ref that the server knows, or the document of a commit that was not pushed yet. */
export type Meant = { ref: string } | { document: string };

type Place = Pick<State, 'head' | 'pending'>;

/**
 * What a ref means in a working copy: `HEAD` is what was committed there last, pushed or not, and `HEAD~2` or `HEAD^` is
 * before it; all else the server knows. Where there is nothing before, it is a `not_found`.
 */
export function meant({ head, pending }: Place, said: string): Meant {
  const steps = HEAD.exec(said)?.[1];
  if (steps === undefined) return { ref: said };
  let unpushed = pending.length;
  let rest = '';
  for (const [step, kind, number] of steps.matchAll(/([~^])(\d*)/g)) {
    const count = number === '' ? 1 : Number(number);
    if (unpushed === 0) rest += step;
    else if (kind === '^' && count > 1) throw nothing(said);
    else {
      if (count > unpushed) rest = `~${count - unpushed}`;
      unpushed -= Math.min(count, unpushed);
    }
  }
  if (unpushed > 0) return { document: pending[unpushed - 1]!.document };
  if (head === null) throw nothing(said);
  return { ref: head + rest };
}

/** The same for what the server does: what was not pushed yet is refused. */
export function pushedRef(state: Place, said: string): string {
  const place = meant(state, said);
  if ('ref' in place) return place.ref;
  throw new AppError('conflict', `${said} was not pushed yet. Next: evidverse push`);
}

const HEAD = /^HEAD((?:[~^]\d{0,9})*)$/;
const nothing = (said: string) => new AppError('not_found', `There is no commit ${said} here.`);
