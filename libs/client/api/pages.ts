/** A page of a list that says where the next one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** All things of a list, page by page as they are needed: `eachOf((after) => api.get(path, { query: { after } }))`. */
export async function* eachOf<T>(pageAfter: (after: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  let after: string | undefined;
  do {
    const page = await pageAfter(after);
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** All things of an older list, which is asked for from a number on; `size` is how many a page has, unless it is the last. */
export async function* eachFrom<T>(
  pageFrom: (skip: number, limit: number) => Promise<readonly T[]>,
  size = 100,
): AsyncGenerator<T> {
  for (let skip = 0; ; skip += size) {
    const page = await pageFrom(skip, size);
    yield* page;
    if (page.length < size) return;
  }
}
