import { FIELDS, NOUNS, type Language } from '../../diff/change-words.js';
import type { Loss, LossPlace, PlaceKind } from './loss.js';

/** One loss as sentences need it: by its place where there is but one, in general where there are several. */
export class ToldLoss {
  constructor(
    private readonly loss: Loss,
    private readonly language: Language,
  ) {}

  /** The one place there is. */
  get place(): LossPlace | undefined {
    return this.loss.places.length === 1 ? this.loss.places[0] : undefined;
  }

  get count(): number {
    return this.loss.count;
  }

  /** What it happened to, inside a sentence. */
  get who(): string {
    return this.place ? placed(this.place, this.language) : someOf(this.loss.places, this.language);
  }

  /** The same at the beginning of a sentence. */
  get Who(): string {
    return this.who.charAt(0).toUpperCase() + this.who.slice(1);
  }

  /** A value in words; nothing where it is not the same everywhere. */
  say(key: string, words: (value: string | number) => string): string {
    const value = this.loss.values[key] ?? this.place?.values?.[key];
    return value === undefined || value === '' ? '' : words(value);
  }

  quoted(key: string): string {
    return this.say(key, (value) => (this.language === 'zh' ? `“${value}”` : ` "${value}"`));
  }

  /** Of a list of fields what people call them. */
  get fields(): string {
    const names = String(this.loss.values.fields ?? '').split(', ');
    const said = names.map((name) => FIELDS[this.language][name] ?? name);
    return this.language === 'zh' ? said.join('、') : said.join(', ');
  }

  /** How often, and where first, where that is not said in the sentence. */
  get times(): string {
    const { count, places } = this.loss;
    if (count <= 1 || !COUNTED(this.loss)) return '';
    const first = places.length > 1 ? places.slice(0, MOST_NAMED).map((place) => brief(place, this.language)) : [];
    const named = [...new Set(first.filter((name) => name !== ''))];
    const isAll = named.length === places.length && places.length === count;
    if (this.language === 'zh') {
      const where = named.length === 0 ? '' : `：${named.join('、')}${isAll ? '' : '……'}`;
      return `（${count} 处${where}）`;
    }
    const where = named.length === 0 ? '' : `: ${named.join(', ')}${isAll ? '' : ' …'}`;
    return ` (${count} times${where})`;
  }
}

const MOST_NAMED = 3;

/** Of what is said of the film as a whole the number is a value. */
const COUNTED = ({ code }: Loss): boolean => code !== 'more';

function placed(place: LossPlace, language: Language): string {
  const { kind, element, path, line } = place;
  const isZh = language === 'zh';
  const name = nameOf(place);
  const called = name === '' ? '' : isZh ? `“${name}”` : `"${name}"`;
  switch (kind) {
    case 'item': {
      if (called === '' && element !== undefined && path !== undefined)
        return isZh ? `${path} 处的 ${element}` : `the ${element} at ${path === '' ? 'the top of the file' : path}`;
      // Elements of XML are no words: what they are called is enough.
      const isTag = element !== undefined && /^[a-z]/.test(element);
      if (called !== '') return element === undefined || isTag ? called : `${element}${isZh ? '' : ' '}${called}`;
      return isTag ? `<${element}>` : (element ?? (isZh ? '一个条目' : 'an item'));
    }
    case 'event': {
      const number = isZh ? `事件 ${element ?? ''}` : `event ${element ?? ''}`;
      return called === '' ? number : isZh ? `${number}（${called}）` : `${number} (${called})`;
    }
    case 'line':
      return isZh ? `第 ${line ?? '?'} 行` : `line ${line ?? '?'}`;
    default: {
      const noun = nounOf(kind, language);
      if (called !== '') return isZh ? `${noun}${called}` : `the ${noun} ${called}`;
      return isZh ? `一个没有名字的${noun}` : `${article(noun)} without a name`;
    }
  }
}

function someOf(places: readonly LossPlace[], language: Language): string {
  const [first] = places;
  const isOneElement = first?.kind === 'item' && places.every(({ element }) => element === first.element);
  const noun = first && ((isOneElement && first.element) || nounOf(first.kind, language));
  if (language === 'zh') return noun === undefined ? '有的内容' : `有的${noun}`;
  return noun === undefined ? 'something' : article(noun);
}

/** What it is called; clips and media are mostly called nothing, and known by their ids. */
const nameOf = ({ kind, name, id }: LossPlace): string => name || (id !== undefined && BY_ID.includes(kind) ? id : '');
const BY_ID: PlaceKind[] = ['clip', 'asset', 'timeline_item', 'track', 'beat', 'scene', 'effect', 'character'];

/** A place by itself, as short as can be. */
function brief(place: LossPlace, language: Language): string {
  const { kind, timecode, line, path } = place;
  const name = nameOf(place);
  if (kind === 'line' && line !== undefined) return language === 'zh' ? `第 ${line} 行` : `line ${line}`;
  if (name !== '') return language === 'zh' ? `“${name}”` : `"${name}"`;
  return timecode ?? path ?? '';
}

const OWN_NOUNS: Record<Language, Partial<Record<PlaceKind, string>>> = {
  en: {
    section: 'section',
    idea: 'version of the idea',
    track: 'row',
    item: 'item',
    event: 'event',
    line: 'line',
    asset: 'medium',
  },
  zh: { section: '部分', idea: '创意版本', item: '条目', event: '事件', line: '行' },
};

/** What people call a kind of thing. */
export function nounOf(kind: PlaceKind, language: Language): string {
  return OWN_NOUNS[language][kind] ?? (NOUNS[language] as Partial<Record<PlaceKind, string>>)[kind] ?? kind;
}

const article = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
