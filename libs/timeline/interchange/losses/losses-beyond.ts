import type { Loss } from './loss.js';
import { MOST_PLACES, placesOf } from './losses.js';

/** The losses that are not among the known ones already: of each what is more of it, and where that is. */
export function lossesBeyond(losses: readonly Loss[], known: readonly Loss[]): Loss[] {
  const before = new Map(known.map((loss) => [keyOf(loss), loss]));
  return losses.flatMap((loss): Loss[] => {
    const was = before.get(keyOf(loss));
    if (!was) return [loss];
    const seen = placesOf(was);
    const places = [...placesOf(loss)].filter(([about]) => !seen.has(about)).map(([, place]) => place);
    const count = Math.max(loss.count - was.count, places.length);
    return count > 0 ? [{ ...loss, count, places: places.slice(0, MOST_PLACES) }] : [];
  });
}

const keyOf = ({ code, values }: Loss): string => JSON.stringify([code, values]);
