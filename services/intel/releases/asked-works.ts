import { createHash, randomBytes } from 'node:crypto';

const DAY_MS = 86_400_000;
const MOST_WORKS = 1000;
const MOST_PEOPLE = 20_000;

/**
 * Of how many works somebody has asked on which of their own sites they are today. Nobody can prove that they are on a site, and
 * whoever asks of every work would have its catalogue in the end. Kept in memory for a day, as hashes nobody else can make: what
 * people look for is written down nowhere.
 */
export class AskedWorks {
  private readonly salt = randomBytes(16);
  private readonly people = new Map<string, { day: number; works: Set<number> }>();

  constructor(private readonly most = MOST_WORKS) {}

  /** Whether they may be told of these works as well; of what they have asked today they always may. */
  mayAsk(userId: string, workIds: readonly number[], now: Date): boolean {
    const day = Math.floor(now.getTime() / DAY_MS);
    const known = this.people.get(userId);
    const mine = known?.day === day ? known : { day, works: new Set<number>() };
    // Whoever asked last is forgotten last.
    this.people.delete(userId);
    this.people.set(userId, mine);
    if (this.people.size > MOST_PEOPLE) this.people.delete(this.people.keys().next().value!);
    const hashes = workIds.map((id) => this.hash(userId, id)).filter((hash) => !mine.works.has(hash));
    if (mine.works.size + hashes.length > this.most) return false;
    for (const hash of hashes) mine.works.add(hash);
    return true;
  }

  private hash(userId: string, workId: number): number {
    return createHash('sha256').update(this.salt).update(`${userId} ${workId}`).digest().readUIntBE(0, 6);
  }
}
