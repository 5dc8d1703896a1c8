import type { WorkDraft } from '#libs/contracts/intel-works';
import { slug } from './slug.js';

type Draft = Pick<WorkDraft, 'title' | 'original_title' | 'year' | 'type' | 'ids' | 'aliases'>;

/**
 * The keys a work may have, best first: `iron-man-2008-movie`; when that is taken, with an id of a provider before the year,
 * then with a number. Never ends, so that the database can refuse as many as it likes.
 */
export function* releaseKeys(draft: Draft): Generator<string> {
  const words = slug(latinTitle(draft)) || slug(draft.title) || 'untitled';
  const end = `${String(draft.year ?? 0).padStart(4, '0')}-${draft.type.replaceAll('_', '')}`;
  yield `${words}-${end}`;
  for (const provider of Object.keys(draft.ids).sort()) {
    const id = slug(`${provider.replaceAll('_', '')}${[draft.ids[provider]!].flat()[0] ?? ''}`);
    if (id !== '') yield `${words}-${id}-${end}`;
  }
  for (let number = 2; ; number++) yield `${words}-${number}-${end}`;
}

/** The English name if there is one, else any that is written in Latin letters, else the title. */
function latinTitle({ title, original_title, aliases }: Draft): string {
  const english = aliases.find(
    ({ language, name }) => language?.toLowerCase().startsWith('en') === true && isLatin(name),
  );
  if (english) return english.name;
  const names = [title, original_title ?? '', ...aliases.map(({ name }) => name)];
  return names.find(isLatin) ?? title;
}

const isLatin = (name: string) =>
  /\p{sc=Latin}/u.test(name) && !/[^\p{sc=Latin}\p{sc=Common}\p{sc=Inherited}]/u.test(name);
