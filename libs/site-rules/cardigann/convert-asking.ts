import {
  isSecret,
  isSecretValue,
  type Download,
  type Login,
  type Search,
  type SearchPath,
  type Setting,
} from '../rule-asking.js';
import { checkSelector, type Format } from './check-selector.js';
import { convertField } from './convert-fields.js';
import { convertFilters, type Names } from './convert-filters.js';
import { Block, type Tree } from './definition-tree.js';

type Given<Part> = Partial<Part> & Record<string, unknown>;

/** What whoever uses a definition says or holds; of secrets only that they are needed. */
export function convertSettings(given: readonly Tree[] | undefined, names: Names): Setting[] {
  if (given === undefined)
    return [
      { name: 'username', kind: 'text', label: 'Username' },
      { name: 'password', kind: 'password', label: 'Password' },
    ];
  return given.flatMap((one, at): Setting[] => {
    if (!(one instanceof Block)) return [];
    const path = `settings.${at}`;
    const name = one.text('name') ?? '';
    const type = one.text('type') ?? 'text';
    const kind = type.startsWith('info') ? 'info' : type === 'multi-select' ? 'multi_select' : type;
    const setting: Setting = { name, kind: kind as Setting['kind'] };
    const label = one.text('label');
    if (label) setting.label = label;
    const fallback = one.text('default') ?? one.list('defaults').join(',');
    if (fallback) {
      if (isSecret(setting) && kind !== 'checkbox' && kind !== 'select') names.losses.lose(`${path}.default`, 'secret', `${name} is a secret: rules have no value for it`);
      else setting.default = fallback;
    }
    const options = one.block('options');
    if (options) setting.options = options.pairs.map(([value, text]) => [value, typeof text === 'string' ? text : '']);
    unreadOf(one, path, names);
    return [setting];
  });
} // prettier-ignore

export function convertLogin(given: Block, names: Names): Given<Login> {
  const path = 'login';
  const method = given.text('method') ?? 'form';
  const captcha = given.block('captcha');
  const test = given.block('test');
  const cookies = given.list('cookies').filter((one) => typeof one === 'string');
  const login: Given<Login> = {
    method: (method === 'oneurl' ? 'one_url' : method) as Login['method'],
    ...textOf(given, 'path', 'path', names),
    ...textOf(given, 'submitpath', 'submit_path', names),
    inputs: inputsOf(given.block('inputs'), `${path}.inputs`, names),
    ...(given.isTrue('selectors') && { inputs_are_selectors: true }),
    ...headersOf(given.block('headers'), `${path}.headers`, names),
  };
  const form = given.text('form');
  if (form) login.form = checkSelector(form, `${path}.form`, 'html', names) ?? 'form';
  for (const [from, to] of [['selectorinputs', 'from_page'], ['getselectorinputs', 'address_from_page']] as const) {
    const block = given.block(from);
    if (block && block.pairs.length > 0)
      login[to] = Object.fromEntries(block.pairs.flatMap(([name, field]) => ofBlock(field, `${path}.${from}.${name}`, names, (given, place) => [name, convertField(given, place, 'html', names)] as const)));
  }
  if (captcha) login.captcha = { kind: captcha.text('type') as 'image', selector: captcha.text('selector') ?? '', input: captcha.text('input') ?? '' };
  const plain = cookies.filter((cookie) => /^[\w.-]{1,60}=[\w.-]{0,8}$/.test(cookie));
  if (plain.length < cookies.length) names.losses.lose(`${path}.cookies`, 'secret', 'a cookie that may belong to a session');
  if (plain.length > 0) login.cookies = plain;
  const failures = failuresOf(given.list('error'), `${path}.error`, names);
  if (failures.length > 0) login.failures = failures;
  if (test) {
    const selector = test.text('selector');
    login.test = { path: names.template(test.text('path') ?? ''), ...(selector && { selector: checkSelector(selector, `${path}.test.selector`, 'html', names) }) };
  }
  unreadOf(given, path, names);
  unreadOf(captcha, `${path}.captcha`, names);
  unreadOf(test, `${path}.test`, names);
  return login;
} // prettier-ignore

/** How a definition asks, and the kind of answers it gets. */
export function convertSearch(search: Block, encoding: string, modes: Block | undefined, names: Names): { search: Given<Search>; format: Format } {
  const single = search.text('path');
  const paths = search.list('paths').flatMap((one, at) => ofBlock(one, `search.paths.${at}`, names, (given, place) => pathOf(given, place, names)));
  if (single !== undefined) paths.push({ path: names.template(single), method: methodOf(search, 'search', names), inputs: [], with_common: true, format: 'html' });
  const formats = [...new Set(paths.map(({ format }) => format))];
  if (formats.length > 1) names.losses.lose('search.paths', 'mixed_formats', `answers of the kinds ${formats.join(' and ')}`);
  const failures = failuresOf(search.list('error'), 'search.error', names);
  const keywords = convertFilters(search.list('keywordsfilters'), 'search.keywordsfilters', names);
  const inputs = inputsOf(search.block('inputs'), 'search.inputs', names);
  return {
    format: formats[0] ?? 'html',
    search: {
      paths,
      encoding: encoding.toLowerCase(),
      ...(inputs.length > 0 && { inputs }),
      ...headersOf(search.block('headers'), 'search.headers', names),
      ...(search.isTrue('allowEmptyInputs') && { empty_inputs: true }),
      ...(keywords.length > 0 && { keywords }),
      ...(failures.length > 0 && { failures }),
      ...(modes && { modes: Object.fromEntries(modes.pairs.map(([mode, asked]) => [mode.replaceAll('-', '_'), (Array.isArray(asked) ? asked : [asked]).filter((one) => typeof one === 'string')])) }),
    },
  };
} // prettier-ignore

/** What becomes of a block; anything else in its place is lost. */
function ofBlock<Made>(given: Tree, path: string, names: Names, convert: (given: Block, path: string) => Made): Made[] {
  if (given instanceof Block) return [convert(given, path)];
  names.losses.lose(path, 'unknown', 'a text or a list stands where names and values are meant');
  return [];
}

function pathOf(given: Block, path: string, names: Names): SearchPath {
  const response = given.block('response');
  const categories = given.list('categories').filter((one) => typeof one === 'string');
  const says = response?.text('noResultsMessage');
  const followed = given.text('followredirect');
  const separator = given.text('queryseparator');
  const found: SearchPath = {
    path: names.template(given.text('path') ?? ''),
    method: methodOf(given, path, names),
    inputs: inputsOf(given.block('inputs'), `${path}.inputs`, names),
    with_common: given.text('inheritinputs')?.toLowerCase() !== 'false',
    format: (response?.text('type') ?? 'html') as Format,
    ...(categories.length > 0 && { categories: categories[0] === '!' ? { not: categories.slice(1) } : { only: categories } }),
    ...(says !== undefined && { empty_says: says }),
    ...(followed !== undefined && { follow_redirects: followed.toLowerCase() === 'true' }),
    ...(separator !== undefined && { separator }),
  };
  unreadOf(given, path, names);
  unreadOf(response, `${path}.response`, names);
  return found;
} // prettier-ignore

/** How something is sent; what is neither of two ways, nor a template that makes one, is lost. */
function methodOf(given: Block, path: string, names: Names): SearchPath['method'] {
  const method = given.text('method') ?? '';
  if (method.includes('{{')) return names.template(method);
  return plainMethod(method, path, names);
}

function plainMethod(method: string, path: string, { losses }: Names): 'GET' | 'POST' {
  if (!/^(?:get|post)?$/i.test(method)) losses.lose(`${path}.method`, 'unknown', `the method ${method} is not known`);
  return method.toUpperCase() === 'POST' ? 'POST' : 'GET';
}

export function convertDownload(given: Block, names: Names): Given<Download> {
  const path = 'download';
  const before = given.block('before');
  const hash = given.block('infohash');
  const method = given.text('method');
  const links = given.list('selectors').flatMap((one, at) => ofBlock(one, `${path}.selectors.${at}`, names, (block, place) => partOf(block, place, names)));
  if (given.text('selector') !== undefined) links.push(placeOf(given, path, names));
  const common = hash?.isTrue('usebeforeresponse') ? { before: true } : {};
  const at = (block: Block | undefined, place: string) => ({ ...partOf(block ?? new Block([]), place, names), ...common });
  const found: Given<Download> = {
    ...(method !== undefined && { method: plainMethod(method, path, names) }),
    ...(links.length > 0 && { links }),
    ...(hash && { hash: { hash: at(hash.block('hash'), `${path}.infohash.hash`), title: at(hash.block('title'), `${path}.infohash.title`) } }),
    ...headersOf(given.block('headers'), `${path}.headers`, names),
  };
  if (before) {
    const pathAt = before.block('pathselector');
    const separator = before.text('queryseparator');
    found.ask_before = {
      ...textOf(before, 'path', 'path', names),
      ...(pathAt && { path_at: partOf(pathAt, `${path}.before.pathselector`, names) }),
      method: plainMethod(before.text('method') ?? '', `${path}.before`, names),
      inputs: inputsOf(before.block('inputs'), `${path}.before.inputs`, names),
      ...(separator !== undefined && { separator }),
    };
  }
  unreadOf(given, path, names);
  unreadOf(before, `${path}.before`, names);
  unreadOf(hash, `${path}.infohash`, names);
  return found;
} // prettier-ignore

/** Tells what nobody has read of a block. */
function unreadOf(block: Block | undefined, path: string, { losses }: Names): void {
  for (const key of block?.unread() ?? []) losses.lose(`${path}.${key}`, 'unknown', `${key} is not known here`);
}

/** A place that has a block of its own. */
function partOf(given: Block, path: string, names: Names) {
  const place = placeOf(given, path, names);
  unreadOf(given, path, names);
  return place;
}

function placeOf(given: Block, path: string, names: Names) {
  const selector = given.text('selector');
  const known = selector && checkSelector(names.template(selector), `${path}.selector`, 'html', names);
  const attr = given.text('attribute');
  const filters = convertFilters(given.list('filters'), `${path}.filters`, names);
  return {
    ...(known && { selector: known }),
    ...(attr && { attr }),
    filters,
    ...(given.isTrue('usebeforeresponse') && { before: true }),
  };
}

function inputsOf(given: Block | undefined, path: string, { losses, template }: Names): [string, string][] {
  return (given?.pairs ?? []).flatMap(([name, value]): [string, string][] => {
    const text = typeof value === 'string' ? template(value) : '';
    if (!isSecretValue(name, text)) return [[name, text]];
    losses.lose(`${path}.${name}`, 'secret', `${name} is a secret: rules have no value for it`);
    return [];
  });
}

function headersOf(given: Block | undefined, path: string, { losses, template }: Names): { headers?: Record<string, string> } {
  if (!given || given.pairs.length === 0) return {};
  return {
    headers: Object.fromEntries(
      given.pairs.map(([name, value]) => {
        const [first = '', ...others] = Array.isArray(value) ? value : [value];
        if (others.length > 0) losses.note(`${path}.${name}`, 'only the first of several values is ever sent');
        return [name, typeof first === 'string' ? template(first) : ''];
      }),
    ),
  };
} // prettier-ignore

function failuresOf(given: readonly Tree[], path: string, names: Names): NonNullable<Login['failures']> {
  return given.flatMap((one, at) => {
    if (!(one instanceof Block)) return [];
    const selector = checkSelector(names.template(one.text('selector') ?? ''), `${path}.${at}.selector`, 'html', names);
    const message = one.block('message');
    const place = one.text('path');
    unreadOf(one, `${path}.${at}`, names);
    return selector === undefined
      ? []
      : [{ selector, ...(place && { path: place }), ...(message && { message: convertField(message, `${path}.${at}.message`, 'html', names) }) }];
  });
} // prettier-ignore

function textOf<Key extends string>(given: Block, from: string, to: Key, { template }: Names): { [K in Key]?: string } {
  const text = given.text(from);
  return (text === undefined ? {} : { [to]: template(text) }) as { [K in Key]?: string };
}
