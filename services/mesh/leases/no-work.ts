import type { Hindrance, NoWork } from './board.js';

const WORDS: Record<NoWork, string> = {
  no_jobs: 'There are no jobs for these sites.',
  not_due: 'The next job is not due yet.',
  leased: 'The sites are being crawled by other nodes.',
  resting: 'The sites rest: their politeness budget allows the next crawl later.',
  blocked: 'The sites have blocked us, and are left alone for a while.',
  quiet_hours: 'It is a quiet time of day for the sites.',
  paused: 'The sites are paused by an operator.',
  owned_elsewhere: 'Another cluster crawls these sites.',
  unknown_site: 'None of these sites is known here.',
  not_entitled: 'This node is not entitled to any of these sites.',
  no_capability: 'The sites ask for something that this node cannot do.',
  quota: 'This node holds as many leases as it may; finish one first.',
  cooling_off: 'After too many failures this node rests for a while.',
  draining: 'This node is being drained and gets no more work.',
  client_too_old: 'This client is too old; update it.',
  contended: 'Another node was faster; ask again.',
};
const MOST_S = 300;

/** What a worker is told when there is no work: why, in a word and in a sentence, and when it is worth asking again. */
export function noWork(
  { reason, at }: Hindrance,
  now: number,
): { reason: NoWork; message: string; retry_after_s: number } {
  const seconds = at === Infinity ? 60 : Math.ceil((at - now) / 1000);
  return { reason, message: WORDS[reason], retry_after_s: Math.min(MOST_S, Math.max(1, seconds)) };
}

export const inWords = (reason: NoWork): string => WORDS[reason];
