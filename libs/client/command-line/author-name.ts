import type { Api } from '../api/api.js';

interface Authored {
  readonly author_id: string | null;
  readonly author_name: string | null;
}

/**
 * Says who wrote each of these: by their name; who gave none is "you", or somebody whom the beginning of their id tells from
 * others. Mail addresses are nobody's business.
 */
export async function authorNames(api: Api, written: readonly Authored[]): Promise<(one: Authored) => string> {
  const isNameless = written.some(({ author_id, author_name }) => author_id !== null && !author_name);
  const me = isNameless ? await api.get('/api/v1/users/me').catch(() => null) : null;
  return ({ author_id, author_name }) => {
    if (author_name) return author_name;
    if (author_id === null) return 'somebody';
    return author_id === me?.id ? 'you' : `somebody (${author_id.slice(0, 8)})`;
  };
}
