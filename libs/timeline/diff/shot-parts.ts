import type { Film, PartName } from './film.js';

/** Which parts of two films are told of with the shots that are made of them. */
export class ShotParts {
  constructor(
    private readonly before: Film,
    private readonly after: Film,
  ) {}

  /** Whether a part is one shot's alone, so that a change of it is a change of that shot. */
  isOwned(part: PartName, id: string | undefined): boolean {
    if (id === undefined) return false;
    const [had, has] = this.users(part, id);
    if (had.size > 1 || has.size > 1 || had.size + has.size === 0) return false;
    return had.size === 0 || has.size === 0 || had.has([...has][0]!);
  }

  /**
   * Whether the changes of shots say what happened to a part: it came, or went, with every shot that uses it, or it
   * changed, and belongs to one shot. Assets are in a library, and change for themselves.
   */
  isTold(part: PartName, id: string, exists: { before: boolean; after: boolean }): boolean {
    const [had, has] = this.users(part, id);
    if (exists.before && exists.after) {
      return part !== 'assets' && this.isOwned(part, id) && had.size === 1 && has.size === 1 && this.areShots(has);
    }
    const [users, others] = exists.after ? [has, had] : [had, has];
    const [here, there] = exists.after ? [this.after, this.before] : [this.before, this.after];
    return (
      users.size > 0 && [...users].every((key) => here.shots.has(key) && !(there.shots.has(key) && others.has(key)))
    );
  }

  private users(part: PartName, id: string): [Users, Users] {
    return [this.before.users[part].get(id) ?? NOBODY, this.after.users[part].get(id) ?? NOBODY];
  }

  private areShots = (users: Users): boolean =>
    [...users].every((key) => this.before.shots.has(key) && this.after.shots.has(key));
}

type Users = ReadonlySet<string>;
const NOBODY: Users = new Set();
