import { Observation } from '#libs/contracts/mesh';

type Seen = NonNullable<ReturnType<typeof Observation.safeParse>['data']>;

export interface SeenReleases {
  readonly taken: Seen[];
  /** The others, by their place in the report; the reason repeats nothing of what they said. */
  readonly refused: { at: number; field: string; reason: string }[];
}

/** What a crawl has seen, each taken or refused for itself: one bad name costs neither the others nor the crawl. */
export function seenReleases(given: readonly unknown[]): SeenReleases {
  const seen: SeenReleases = { taken: [], refused: [] };
  for (const [at, one] of given.entries()) {
    const read = Observation.safeParse(one);
    if (read.success) seen.taken.push(read.data);
    else {
      const { path, message } = read.error.issues[0]!;
      seen.refused.push({ at, field: path.join('.'), reason: message });
    }
  }
  return seen;
}
