import { cut } from './cut.js';

const LONGEST = 500;

/** What a fork is called: no longer than any project may be, however often it is forked again. */
export const forkName = (name: string): string => cut(`Fork of ${name}`, LONGEST);
