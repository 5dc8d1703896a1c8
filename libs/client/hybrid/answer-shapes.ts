import { AppError } from '#libs/errors/app-error';

/** What an answer of the cloud must be to be one; whatever else stands between may answer 200 too, with something of its own. */
export type Shape = (value: unknown) => boolean;

const isText: Shape = (value) => typeof value === 'string' && value !== '';
const isNumber: Shape = (value) => typeof value === 'number';
const isObject: Shape = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const having =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, shape]) => shape((value as Record<string, unknown>)[name]));

const alias = having({ release_key: isText, title: isText, type: isText, aliases: listOf(isText) });

export const aliasAnswer: Shape = (value) =>
  (isObject(value) && Object.keys(value as object).length === 0) || alias(value);
export const aliasSearch = having({ results: listOf(alias) });
export const indexEntry = having({ release_key: isText, sites: listOf(having({ site: isText, score: isNumber })) });
export const rulesPackage = having({ version: isNumber, rules: listOf(having({ site: isText })) });
export const signatures = having({ signatures: listOf(having({ key: isText, sig: isText })) });
export const recommendedSites = having({ sites: listOf(having({ site: isText, score: isNumber })) });
export const recommendedWorks = having({ items: listOf(having({ release_key: isText, title: isText })) });

export const MALFORMED = 'malformed';

/** The answer, if it is one; else it is as if there were none. */
export async function shaped<T>(answer: Promise<unknown>, shape: Shape): Promise<T> {
  const value = await answer;
  if (shape(value)) return value as T;
  throw new AppError('unavailable', 'What stands at the address of the cloud answers something else.', {
    reason: MALFORMED,
  });
}
