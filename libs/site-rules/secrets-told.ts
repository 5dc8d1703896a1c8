import { isSecret } from './rule-asking.js';
import { secretShapeIn } from './secret-shapes.js';
import { namesIn } from './template.js';

interface Rules {
  settings?: readonly { name: string; kind?: string }[] | undefined;
  parse?: Readonly<Record<string, object | undefined>> | undefined;
  search?: { keywords?: unknown } | undefined;
}

interface Problem {
  path: (string | number)[];
  message: string;
}

/**
 * Where a secret that a client holds would come into what is read on a page, which clients report. Only links may have one,
 * and what is there for links only: they are asked of the site again.
 */
export function secretsTold({ settings = [], parse = {}, search }: Rules): Problem[] {
  const secret = new Set(settings.filter(isSecret).map(({ name }) => `.Config.${name}`));
  if (secret.size === 0) return [];
  const problems: Problem[] = [];
  const refuse = (path: (string | number)[]) =>
    problems.push({ path, message: 'a secret may only come into a link, and not into what is told of a page' });
  if (namesWithin(search?.keywords).some((name) => secret.has(name))) refuse(['search', 'keywords']);
  for (const [page, { fields, ...others }] of Object.entries(parse) as [
    string,
    { fields?: Record<string, object> },
  ][]) {
    if (namesWithin(others).some((name) => secret.has(name))) refuse(['parse', page]);
    for (const name of tellers(fields ?? {}, secret))
      if (!name.startsWith('_') && !name.endsWith('_link')) refuse(['parse', page, 'fields', name]);
  }
  return problems;
}

/** Where a text of the rules has the form of a secret, whatever it is called. Fingerprints of certificates are none. */
export function secretsHidden({ certificates: _public, ...rules }: { certificates?: unknown }): Problem[] {
  const problems: Problem[] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (typeof value === 'string') {
      const shape = secretShapeIn(value);
      if (shape) problems.push({ path, message: `this looks like ${shape}: a secret has no value here; whoever uses the rules holds it` }); // prettier-ignore
    } else if (Array.isArray(value)) value.forEach((one, at) => walk(one, [...path, at]));
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
  };
  walk(rules, []);
  return problems;
}

/** The fields that say a secret, be it by another field. */
function tellers(fields: Readonly<Record<string, object>>, secret: ReadonlySet<string>): Set<string> {
  const named = Object.entries(fields).map(([name, field]) => ({ name, field, names: namesWithin(field) }));
  const telling = new Set<string>();
  for (let before = -1; before < telling.size;) {
    before = telling.size;
    for (const { name, field, names } of named)
      if (telling.has(name) || names.some((one) => secret.has(one) || telling.has(one.replace(/^\.Result\./, '')))) {
        telling.add(name);
        if ('appends' in field && typeof field.appends === 'string') telling.add(field.appends);
      }
  }
  return telling;
}

/** The names of all templates in a part of rules; one that cannot be read is told elsewhere. */
function namesWithin(value: unknown): string[] {
  if (typeof value === 'string') {
    try {
      return namesIn(value);
    } catch {
      return [];
    }
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesWithin) : [];
}
