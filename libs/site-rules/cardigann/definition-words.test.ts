import { convertDefinition } from './convert-definition.js';

/**
 * Every word that the published schema of definitions has (Jackett, Prowlarr v1 to v12): its parts, kinds, filters, fields,
 * modes and categories. Each is carried, so that the rules differ by it and nothing is lost, or left out with a note.
 */

type Definition = Record<string, Record<string, unknown> | unknown>;
const field = { selector: 'b' };
const fields = { title: { selector: 'a' }, size: field, seeders: field, category: { text: 1 }, download: { selector: 'a', attribute: 'href' } }; // prettier-ignore
const search = { paths: [{ path: 'list' }], rows: { selector: 'tr' }, fields };
const login = { path: 'login.php', method: 'form', inputs: { user: '{{ .Config.username }}' }, test: { path: 'index.php', selector: 'a.out' } }; // prettier-ignore
const plain: Definition = {
  id: 'words', name: 'Words', description: 'of a test', language: 'en-US', type: 'private', encoding: 'UTF-8', links: ['https://words.example/'],
  caps: { modes: { search: ['q'] }, categorymappings: [{ id: 1, cat: 'Other' }] }, search,
}; // prettier-ignore
const before = convertDefinition(JSON.stringify(plain));

const root = (part: object) => ({ ...plain, ...part });
const caps = (part: object) => root({ caps: { ...(plain.caps as object), ...part } });
const setting = (part: object) => root({ settings: [{ name: 'one', type: 'text', ...part }] });
const logins = (part: object) => root({ login: { ...login, ...part } });
const searches = (part: object) => root({ search: { ...search, ...part } });
const path = (part: object) => searches({ paths: [{ path: 'list', ...part }] });
const rows = (part: object) => searches({ rows: { selector: 'tr', ...part } });
const answered = (part: object, type = 'json') => searches({ paths: [{ path: 'list', response: { type } }], rows: { selector: 'data', ...part }, fields: { title: { selector: 'name' } } }); // prettier-ignore
const one = (part: object) => searches({ fields: { ...fields, date: { selector: 'i', ...part } } });
const filter = (name: string, args?: unknown) => one({ filters: [{ name, ...(args !== undefined && { args }) }] });
const named = (name: string, part: object = field) => searches({ fields: { ...fields, [name]: part } });
const downloads = (part: object) => root({ download: part });

const carried: [string, Definition][] = [
  ...['public', 'semi-private'].map((type) => [`type ${type}`, root({ type })] as [string, Definition]),
  ['language', root({ language: 'zh-TW' })],
  ['encoding', root({ encoding: 'windows-1251' })],
  ['followredirect', root({ followredirect: true })],
  ['testlinktorrent', root({ testlinktorrent: false })],
  ['requestDelay', root({ requestDelay: 2.1 })],
  ['links', root({ links: ['https://words.example/', 'https://other.example/'] })],
  ['certificates', root({ certificates: ['0123456789abcdef0123456789abcdef01234567'] })],
  ['caps.categories', root({ caps: { modes: { search: ['q'] }, categories: { 7: 'TV/HD' } } })],
  ['caps.categorymappings', caps({ categorymappings: [{ id: 'x', cat: 'TV', desc: 'Series', default: true }] })],
  ...'Console,NDS,PSP,Wii,XBox,XBox 360,Wiiware,XBox 360 DLC,PS3,Other,3DS,PS Vita,WiiU,XBox One,PS4;Movies,Foreign,Other,SD,HD,UHD,BluRay,3D,DVD,WEB-DL;Audio,MP3,Video,Audiobook,Lossless,Other,Foreign;PC,0day,ISO,Mac,Mobile-Other,Games,Mobile-iOS,Mobile-Android;TV,WEB-DL,Foreign,SD,HD,UHD,Other,Sport,Anime,Documentary;XXX,DVD,WMV,XviD,x264,UHD,Pack,ImageSet,Other,SD,WEB-DL;Books,Mags,EBook,Comics,Technical,Other,Foreign;Other,Misc,Hashed'
    .split(';')
    .flatMap((kind) => kind.split(',').map((part, at, [whole]) => (at === 0 ? part : `${whole}/${part}`)))
    .map((cat) => [`category ${cat}`, caps({ categorymappings: [{ id: 2, cat }] })] as [string, Definition]),
  ...(
    [
      ['tv-search', 'q season ep imdbid tvdbid tmdbid tvmazeid traktid doubanid year genre'],
      ['movie-search', 'q imdbid tmdbid traktid doubanid year genre'],
      ['music-search', 'q album artist label track year genre'],
      ['book-search', 'q title author publisher year genre'],
    ] as const
  ).map(
    ([mode, asked]) =>
      [`mode ${mode}`, caps({ modes: { search: ['q'], [mode]: asked.split(' ') } })] as [string, Definition],
  ),
  ...'info text password checkbox info_category_8000 info_cookie info_flaresolverr info_useragent'
    .split(' ')
    .map((type) => [`setting ${type}`, setting({ type, label: 'One' })] as [string, Definition]),
  ['setting select', setting({ type: 'select', default: 'b', options: { a: 'A', b: 'B' } })],
  ['setting multi-select', setting({ type: 'multi-select', defaults: ['a', 'b'], options: { a: 'A', b: 'B' } })],
  ['setting checkbox by default', setting({ type: 'checkbox', default: true })],
  ...['form', 'post', 'get', 'cookie', 'oneurl'].map(
    (method) => [`login ${method}`, logins({ method })] as [string, Definition],
  ),
  ['login.cookies', logins({ cookies: ['lang=en'] })],
  ['login.submitpath', logins({ submitpath: 'take.php' })],
  ['login.form', logins({ form: 'form#in' })],
  ...['image', 'text'].map(
    (type) =>
      [`captcha ${type}`, logins({ captcha: { type, selector: 'img', input: 'code' } })] as [string, Definition],
  ),
  ['login.selectors', logins({ selectors: true })],
  ['login.selectorinputs', logins({ selectorinputs: { csrf: { selector: 'input', attribute: 'value' } } })],
  ['login.getselectorinputs', logins({ getselectorinputs: { csrf: { selector: 'input', attribute: 'value' } } })],
  ['login.error', logins({ error: [{ path: 'x.php', selector: '.err', message: { selector: '.err b' } }] })],
  ['login.headers', logins({ headers: { 'X-Site': ['a'] } })],
  ['search.path', root({ search: { path: 'other', rows: search.rows, fields } })],
  ['search.allowEmptyInputs', searches({ allowEmptyInputs: true })],
  ['search.inputs', searches({ inputs: { q: '{{ .Keywords }}', 'a[b]': 1, c: false, $raw: '{{ range .Categories }}c={{ . }}&{{ end }}' } })], // prettier-ignore
  ['search.headers', searches({ headers: { 'X-Site': ['a'] } })],
  ['search.keywordsfilters', searches({ keywordsfilters: [{ name: 're_replace', args: ['\\W+', '%'] }] })],
  ['search.error', searches({ error: [{ selector: '.err' }] })],
  ['search.preprocessingfilters', searches({ preprocessingfilters: [{ name: 'replace', args: ['a', 'b'] }] })],
  ...['get', 'post', '{{ if .Keywords }}post{{ else }}get{{ end }}'].map(
    (method) => [`path.method ${method}`, path({ method, path: 'other' })] as [string, Definition],
  ),
  ['path.followredirect', path({ followredirect: true })],
  ['path.categories', path({ categories: [1, 'x'] })],
  ['path.categories but', path({ categories: ['!', 1] })],
  ['path.inputs', path({ inputs: { page: 0 } })],
  ['path.inheritinputs', path({ inheritinputs: false })],
  ['path.queryseparator', path({ queryseparator: ';' })],
  ...['json', 'xml'].map((type) => [`response ${type}`, answered({}, type)] as [string, Definition]),
  ['response.noResultsMessage', searches({ paths: [{ path: 'list', response: { type: 'xml', noResultsMessage: '' } }] })],
  ['rows.after', rows({ after: 2 })],
  ['rows.dateheaders', rows({ dateheaders: { selector: 'td.date', filters: [{ name: 'dateparse', args: 'yyyy-MM-dd' }] } })],
  ['rows.selector for JSON', answered({ selector: '$.data:has(file):not(hidden)' })],
  ['rows.attribute', answered({ attribute: 'torrents' })],
  ['rows.multiple', answered({ attribute: 'torrents', multiple: true })],
  ['rows.missingAttributeEqualsNoResults', answered({ attribute: 'torrents', missingAttributeEqualsNoResults: true })],
  ['rows.count', answered({ count: { selector: '$.total' } })],
  ['rows filter andmatch', rows({ filters: [{ name: 'andmatch' }] })],
  ['rows filter andmatch with a length', rows({ filters: [{ name: 'andmatch', args: 66 }] })],
  ['attribute', one({ attribute: 'title' })],
  ['default', one({ optional: true, default: '{{ .Today.Year }}' })],
  ['default as a number', named('grabs', { selector: 'u', optional: true, default: 0 })],
  ['case', named('downloadvolumefactor', { case: { 'img.free': 0, '*': 1 } })],
  ['remove', one({ remove: 'span' })],
  ['text', one({ text: 'now' })],
  ...(
    [
      ['querystring', 'id'], ['timeparse', '2006-01-02 15:04'], ['dateparse', 'yyyy-MM-dd HH:mm zzz'], ['regexp', '(\\d+)'], ['re_replace', ['a', 'b']],
      ['split', ['|', 0]], ['split', ['|', -1]], ['replace', ['a', '{{ .Keywords }}']], ['trim'], ['trim', '-'], ['prepend', 'a'], ['append', 'b'], ['tolower'], ['toupper'], ['urldecode'],
      ['urlencode'], ['htmldecode'], ['htmlencode'], ['timeago'], ['reltime'], ['fuzzytime'], ['validfilename'], ['diacritics', 'replace'],
      ['jsonjoinarray', ['$.tags', ', ']], ['validate', 'Action, Comedy'],
    ] as const
  ).map(([name, args]) => [`filter ${name} ${String(args ?? '')}`, filter(name, args)] as [string, Definition]),
  ...`magnet infohash details comments description categorydesc leechers date files grabs downloadvolumefactor uploadvolumefactor minimumratio
      minimumseedtime imdb imdbid tmdbid rageid tvdbid tvmazeid traktid doubanid poster genre year author booktitle publisher album artist label track
      _working title_phase_1 date_2 title|append description|append category|append category|noappend categorydesc|append categorydesc|noappend`
    .split(/\s+/)
    .map((name) => [`field ${name}`, named(name, { selector: 'em' })] as [string, Definition]),
  ['download.method', downloads({ method: 'post' })],
  ['download.before', downloads({ before: { path: 'thanks.php', method: 'post', inputs: { id: '{{ .DownloadUri.Query.id }}' }, queryseparator: ';' } })], // prettier-ignore
  ['download.before.pathselector', downloads({ before: { pathselector: { selector: 'a.thanks', attribute: 'href', filters: [{ name: 'trim' }] } } })], // prettier-ignore
  ['download.selectors', downloads({ selectors: [{ selector: 'a[href^="magnet:"]', attribute: 'href', usebeforeresponse: true, filters: [{ name: 'trim' }] }] })], // prettier-ignore
  ['download.infohash', downloads({ infohash: { usebeforeresponse: true, hash: { selector: 'b' }, title: { selector: 'h1' } } })], // prettier-ignore
  ['download.headers', downloads({ headers: { Referer: ['{{ .Config.sitelink }}'] } })],
]; // prettier-ignore

test.each(carried)('%s is carried', (_word, definition) => {
  const { record, losses, notes } = convertDefinition(JSON.stringify(definition));
  expect({ losses, notes: notes.filter(({ path: at }) => at !== 'description') }).toEqual({ losses: [], notes: [] });
  expect(record).not.toBeNull();
  expect(record).not.toEqual(before.record);
});

test.each([
  ['replaces', root({ replaces: ['old'] }), 'replaces'],
  ['legacylinks', root({ legacylinks: ['https://gone.example/'] }), 'legacylinks'],
  ['caps.allowrawsearch', caps({ allowrawsearch: true }), 'caps.allowrawsearch'],
  ['caps.allowtvsearchimdb', caps({ allowtvsearchimdb: true }), 'caps.allowtvsearchimdb'],
  ['rows.optional', rows({ optional: true }), 'search.rows.optional'],
  ['rows.case', rows({ case: { a: 'b' } }), 'search.rows.case'],
  ['rows.remove', rows({ remove: 'i' }), 'search.rows.remove'],
  ['rows.text', rows({ text: 'x' }), 'search.rows.text'],
  ['filter hexdump', filter('hexdump'), 'search.fields.date.filters.0'],
  ['filter strdump', filter('strdump'), 'search.fields.date.filters.0'],
])('%s is left out with a note, and nobody misses it', (_word, definition, place) => {
  const { losses, notes } = convertDefinition(JSON.stringify(definition));
  expect(losses).toEqual([]);
  expect(notes.map(({ path: at }) => at)).toContain(place);
});

test.each([
  ['of a definition', root({ extra: 1 }), 'extra'],
  ['of what may be asked', caps({ extra: 1 }), 'caps.extra'],
  ['of a category', caps({ categorymappings: [{ id: 1, cat: 'TV', extra: 1 }] }), 'caps.categorymappings.0.extra'],
  ['of a setting', setting({ extra: 1 }), 'settings.0.extra'],
  ['of signing in', logins({ extra: 1 }), 'login.extra'],
  ['of a captcha', logins({ captcha: { type: 'image', selector: 'i', input: 'c', extra: 1 } }), 'login.captcha.extra'],
  ['of the proof of signing in', logins({ test: { path: 'x', selector: 'a', extra: 1 } }), 'login.test.extra'],
  ['of a failure', logins({ error: [{ selector: 'i', extra: 1 }] }), 'login.error.0.extra'],
  ['of a search', searches({ extra: 1 }), 'search.extra'],
  ['of a path', path({ extra: 1 }), 'search.paths.0.extra'],
  ['of an answer', path({ response: { type: 'xml', extra: 1 } }), 'search.paths.0.response.extra'],
  ['of rows', rows({ extra: 1 }), 'search.rows.extra'],
  ['of a field', one({ extra: 1 }), 'search.fields.date.extra'],
  ['of a filter', one({ filters: [{ name: 'trim', extra: 1 }] }), 'search.fields.date.filters.0.extra'],
  ['of fetching', downloads({ extra: 1 }), 'download.extra'],
  ['of what is asked before', downloads({ before: { path: 'x', extra: 1 } }), 'download.before.extra'],
  ['of a link', downloads({ selectors: [{ selector: 'a', extra: 1 }] }), 'download.selectors.0.extra'],
  ['of a hash', downloads({ infohash: { hash: { selector: 'b', extra: 1 } } }), 'download.infohash.hash.extra'],
  ['that is a way to send', path({ method: 'put' }), 'search.paths.0.method'],
])('a word %s that is not in the schema is told as lost, where it stands', (_what, definition, place) => {
  expect(convertDefinition(JSON.stringify(definition)).losses).toEqual([
    expect.objectContaining({ code: 'unknown', path: place }),
  ]);
});
