import { AppError } from '#libs/errors/app-error';

/** What blame still looks for, by the commits where it stands, as text that a client hands back. */
export function blameCursor(open: ReadonlyMap<string, ReadonlySet<string>>): string {
  const places = [...open].map(([commit, names]) => [commit, [...names]]);
  return Buffer.from(JSON.stringify(places)).toString('base64url');
}

/** The same read again; `invalid` when it is none, or names places or fields that cannot be looked at. */
export function readBlameCursor(
  cursor: string,
  { isPlace, isField }: { isPlace(commit: string): boolean; isField(name: string): boolean },
): Map<string, Set<string>> {
  const places = parsed(cursor);
  const isWhole = places?.every(
    ([commit, names]) => typeof commit === 'string' && isPlace(commit) && Array.isArray(names) && names.every(isField),
  );
  if (!isWhole) throw new AppError('invalid', 'There is no such place to go on from. Begin again without `after`.');
  return new Map(places!.map(([commit, names]) => [commit, new Set(names)]));
}

function parsed(cursor: string): [string, string[]][] | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(json) && json.every((one) => Array.isArray(one) && one.length === 2)
      ? (json as [string, string[]][])
      : undefined;
  } catch {
    return undefined;
  }
}
