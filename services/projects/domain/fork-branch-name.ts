import { cut } from './cut.js';

const LONGEST = 250;

/** A nickname as part of a branch name: lower-case letters and digits of any script, `-` and `_`; `user` when nothing is left. */
export function slug(nickname: string): string {
  const kept = nickname
    .toLowerCase()
    .replace(/[ /]/g, '_')
    .replace(/[^\p{L}\p{M}\p{N}_-]/gu, '')
    .replace(/^_+|_+$/g, '');
  return kept === '' ? 'user' : kept;
}

/** The first free name: the wanted one, else with `_1`, `_2` … behind as much of it as a branch name has room for. */
export function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 1; ; number++) {
    const ending = `_${number}`;
    const name = cut(wanted, LONGEST - ending.length) + ending;
    if (!taken.has(name)) return name;
  }
}
