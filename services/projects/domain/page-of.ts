import { AppError } from '#libs/errors/app-error';

/**
 * One page of a list of ids that is made as it is read: what stands behind `after`, up to `limit`, and the last of them as
 * `next` if there are more. An `after` that is not in the list is `invalid`.
 */
export function pageOf(
  list: Iterable<string>,
  { limit, after }: { limit: number; after?: string | undefined },
): { ids: string[]; next: string | null } {
  const ids: string[] = [];
  let isBehind = after === undefined;
  for (const id of list) {
    if (isBehind && ids.length === limit) return { ids, next: ids.at(-1) ?? null };
    if (isBehind) ids.push(id);
    else isBehind = id === after;
  }
  if (!isBehind)
    throw new AppError('invalid', `There is no commit ${after} in this list; begin again without "after".`);
  return { ids, next: null };
}
