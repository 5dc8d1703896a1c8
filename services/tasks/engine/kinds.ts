/** What is known of a kind of task before any of it runs. */
export interface KindFacts {
  /** How many one worker process takes at once. */
  readonly atOnce: number;
  /** How many run at once on all workers together. */
  readonly everywhere: number;
  /** How often it is tried in all while what it needs is unavailable. */
  readonly attempts: number;
  /** The pause before the second attempt; it doubles with each further one. */
  readonly backoffMs: number;
  /** From 0, most urgent, to 10. */
  readonly priority: number;
}

/** Every kind of task there is. The word is also the name of its queue and its label in the figures. */
export const KINDS = {
  'generate.character': { atOnce: 2, everywhere: 16, attempts: 4, backoffMs: 2000, priority: 3 },
  'generate.segment': { atOnce: 2, everywhere: 16, attempts: 4, backoffMs: 2000, priority: 3 },
  'generate.clip': { atOnce: 1, everywhere: 8, attempts: 3, backoffMs: 4000, priority: 4 },
  'clip.comic': { atOnce: 1, everywhere: 8, attempts: 3, backoffMs: 4000, priority: 4 },
  'vn.parse': { atOnce: 2, everywhere: 32, attempts: 3, backoffMs: 1000, priority: 2 },
  render: { atOnce: 1, everywhere: 8, attempts: 3, backoffMs: 4000, priority: 5 },
  publish: { atOnce: 2, everywhere: 16, attempts: 5, backoffMs: 30_000, priority: 5 },
  /** Does nothing but count, for drills and benchmarks. */
  drill: { atOnce: 16, everywhere: 1000, attempts: 5, backoffMs: 50, priority: 5 },
} as const satisfies Record<string, KindFacts>;

export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as KindName[];

export const isKind = (name: string): name is KindName => Object.hasOwn(KINDS, name);

/** How a task of a kind that this version no longer knows is treated. */
export const factsOf = (name: string): KindFacts => (isKind(name) ? KINDS[name] : KINDS.drill);

/** The limits of all kinds, as PostgreSQL reads them. */
export const KIND_LIMITS = JSON.stringify(
  Object.fromEntries(Object.entries(KINDS).map(([name, { everywhere }]) => [name, everywhere])),
);

/** After so many workers that died with it in hand, a task is given up: perhaps it is what kills them. */
export const MOST_DEATHS = 20;
