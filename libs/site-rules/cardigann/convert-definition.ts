import { AppError } from '#libs/errors/app-error';
import { addressesOf, hostOf } from '../addresses.js';
import type { Setting } from '../rule-asking.js';
import { RuleRecord, type List } from '../rule-record.js';
import { checkSelector, type Format } from './check-selector.js';
import { convertDownload, convertLogin, convertSearch, convertSettings } from './convert-asking.js';
import { convertField, convertFields } from './convert-fields.js';
import { convertFilters, type Names } from './convert-filters.js';
import { Block, definitionTree } from './definition-tree.js';
import { fieldName } from './field-names.js';
import { Losses, type Loss } from './losses.js';

export interface Conversion {
  /** The id of the definition. */
  id: string;
  /** The rules; null where the schema does not take what could be carried. */
  record: RuleRecord | null;
  /** What the rules do not say of the definition; none means that they say all of it. */
  losses: Loss[];
  /** What is left out and missed by nobody. */
  notes: { path: string; message: string }[];
}

const TOLD_ELSEWHERE = ['description', 'replaces', 'legacylinks'];

/**
 * Rules of a definition of Cardigann's kind, as Jackett and Prowlarr have them in YAML, with a list of what could not be
 * carried. Secrets are never carried. Throws only what is no definition at all.
 */
export function convertDefinition(yaml: string): Conversion {
  const given = definitionTree(yaml);
  const losses = new Losses();
  const names: Names = { losses, template: renamed };
  const id = given.text('id') ?? given.text('site') ?? '';
  const search = given.block('search');
  if (id === '' || !search) throw new AppError('invalid', 'A definition has an id and says how to search.');
  const caps = given.block('caps');
  const settings = convertSettings(given.get('settings') === undefined ? undefined : given.list('settings'), names);
  const asked = convertSearch(search, given.text('encoding') ?? 'UTF-8', caps?.block('modes'), names);
  if (given.isTrue('followredirect')) for (const path of asked.search.paths ?? []) path.follow_redirects ??= true;
  const login = given.block('login');
  const download = given.block('download');
  const fields = convertDownloadTest(given, download && convertDownload(download, names));
  const links = given.list('links').filter((one) => typeof one === 'string');
  const certificates = given.list('certificates').filter((one) => typeof one === 'string');
  const delay = Number(given.text('requestDelay'));
  const draft = {
    site: id.toLowerCase(),
    name: given.text('name'),
    engine: 'cardigann',
    language: given.text('language'),
    access: given.text('type')?.replace('-', '_'),
    addresses: links,
    ...(certificates.length > 0 && { certificates }),
    settings,
    ...(login && { login: convertLogin(login, names) }),
    search: asked.search,
    parse: { list: listOf(search, asked.format, names) },
    ...(fields && { download: fields }),
    category_map: categoriesOf(caps, losses),
    ...(delay > 0 && { politeness: { min_interval_seconds: delay } }),
  };
  for (const key of TOLD_ELSEWHERE) if (given.get(key) !== undefined) losses.note(key, 'nothing is asked or read by it');
  for (const [block, path] of [[given, ''], [caps, 'caps.'], [search, 'search.'], [search.block('rows'), 'search.rows.']] as const)
    for (const key of block?.unread() ?? []) losses.lose(`${path}${key}`, 'unknown', `${key} is not known here`);
  const record = RuleRecord.safeParse({ ...draft, domains: domainsOf(draft, links) });
  if (!record.success)
    for (const { path, message } of record.error.issues) losses.lose(path.join('.'), /template|not known in these rules/.test(message) ? 'template' : /credentials|secret|session/.test(message) ? 'secret' : 'refused', message);
  return { id, record: record.data ?? null, losses: losses.losses, notes: losses.notes };
} // prettier-ignore

/** A template with our names of fields. */
function renamed(template: string): string {
  return template.includes('.Result.')
    ? template.replace(/\.Result\.([\w-]+)/g, (_, name: string) => `.Result.${fieldName(name)}`)
    : template;
}

function convertDownloadTest(given: Block, download: Record<string, unknown> | undefined) {
  const tested = given.text('testlinktorrent');
  if (tested === undefined) return download;
  return { ...download, test_links: tested.toLowerCase() !== 'false' };
}

function listOf(search: Block, format: Format, names: Names): List {
  const rows = search.block('rows') ?? new Block([]);
  const fields = search.block('fields') ?? new Block([]);
  const selector = rows.text('selector') ?? '';
  const [above, count] = [rows.block('dateheaders'), rows.block('count')];
  const before = convertFilters(search.list('preprocessingfilters'), 'search.preprocessingfilters', names);
  const after = Number(rows.text('after') ?? 0);
  const inside = rows.text('attribute');
  const words = rows.list('filters').flatMap((one) => (one instanceof Block && one.text('name') === 'andmatch' ? [one.text('args')] : []));
  for (const key of ['optional', 'remove', 'case', 'text'])
    if (rows.get(key) !== undefined) names.losses.note(`search.rows.${key}`, 'nobody reads it of rows');
  for (const [at, one] of rows.list('filters').entries())
    if (one instanceof Block && !['andmatch', 'strdump'].includes(one.text('name') ?? '')) names.losses.lose(`search.rows.filters.${at}`, 'unknown', `${one.text('name')} is not known of rows`);
  return {
    row: checkSelector(selector, 'search.rows.selector', format, names) ?? '*',
    format,
    fields: convertFields(fields, 'search.fields', format, names),
    ...(before.length > 0 && { before }),
    ...(after > 0 && { after }),
    ...(above && { date_above: { ...convertField(above, 'search.rows.dateheaders', 'html', names), transform: 'date' as const } }),
    ...(count && { count: convertField(count, 'search.rows.count', format, names) }),
    ...(inside !== undefined && { inside }),
    ...(rows.isTrue('multiple') && { several: true }),
    ...(rows.isTrue('missingAttributeEqualsNoResults') && { none_when_missing: true }),
    ...(words.length > 0 && { all_words: Number(words[0]) > 0 ? Number(words[0]) : (true as const) }),
  };
} // prettier-ignore

function categoriesOf(caps: Block | undefined, losses: Losses) {
  const named = (caps?.block('categories')?.pairs ?? []).map(([id, to]) => ({ id, to: typeof to === 'string' ? to : '' }));
  const mapped = (caps?.list('categorymappings') ?? []).flatMap((one, at) => {
    if (!(one instanceof Block)) return [];
    const label = one.text('desc');
    const to = one.text('cat') ?? '';
    const category = { id: one.text('id') ?? '', to, ...(label && { label }), ...(one.isTrue('default') && { asked_by_default: true }) };
    for (const key of one.unread()) losses.lose(`caps.categorymappings.${at}.${key}`, 'unknown', `${key} is not known here`);
    return [category];
  });
  for (const key of ['allowrawsearch', 'allowtvsearchimdb'])
    if (caps?.get(key) !== undefined) losses.note(`caps.${key}`, 'it concerns those who ask, not what is asked');
  return [...named, ...mapped];
} // prettier-ignore

/** The hosts of a site's addresses, and those that its rules ask besides. */
function domainsOf(draft: { settings: readonly Setting[] }, links: readonly string[]): string[] {
  const { settings, ...rules } = draft;
  const named = addressesOf(rules, settings).map(({ host }) => host);
  return [...new Set([...links.map(hostOf), ...named])].filter((host) => host !== undefined && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) as string[];
} // prettier-ignore
