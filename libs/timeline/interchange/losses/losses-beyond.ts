import type { Loss, LossPlace } from './loss.js';

/** The losses that are not among the known ones already: of each what is more of it, and where that is. */
export function lossesBeyond(losses: readonly Loss[], known: readonly Loss[]): Loss[] {
  const before = new Map(known.map((loss) => [keyOf(loss), loss]));
  return losses.flatMap((loss): Loss[] => {
    const was = before.get(keyOf(loss));
    if (!was) return [loss];
    const seen = new Set(was.places.map(identityOf));
    const places = loss.places.filter((place) => !seen.has(identityOf(place)));
    const count = Math.max(loss.count - was.count, places.length);
    return count > 0 ? [{ ...loss, count, places }] : [];
  });
}

const keyOf = ({ code, values }: Loss): string => JSON.stringify([code, values]);

/** What a place is about, wherever it stands by now. */
const identityOf = ({ kind, id, name, element, values }: LossPlace): string =>
  JSON.stringify(id === undefined ? [kind, name, element, values] : [kind, id]);
