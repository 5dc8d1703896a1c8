import { acronymsOf } from './acronyms.js';
import { foldKey, foldWords } from './fold.js';
import { hashKey } from './grams.js';
import { pinyinOf } from './pinyin.js';
import { packQualifier, splitQualifier } from './qualifier.js';
import { KEY_KIND, looseKey, pinyinKey } from './sides.js';
import { soundKey, soundParts } from './sounds.js';
import { ofAlias, type HashTable } from './tables.js';

/** What titles are found by, worked out as they come; each is known by its number, in the order in which they came. */
export class TitleKeys {
  /** The key of each title without its season words, and these in 16 bits. */
  readonly cores: string[] = [];
  readonly qualifiers: number[] = [];
  /** The hash of the whole key, where that is another; else NONE. */
  private readonly fulls: number[] = [];
  private readonly sides: number[] = [];
  private readonly sideEnds: number[] = [];

  get count(): number {
    return this.cores.length;
  }

  add(title: string): void {
    const full = foldKey(title);
    const { core, qualifier } = splitQualifier(title);
    this.cores.push(core);
    this.qualifiers.push(packQualifier(qualifier));
    this.fulls.push(full === core ? NONE : hashKey(full, KEY_KIND.full));
    if (full !== '') this.addSides(title, { core, full });
    this.sideEnds.push(this.sides.length);
  }

  /** Puts what a title is found by into these tables, under the number of its alias there. */
  enter({ keys, sides }: { keys: HashTable; sides: HashTable }, title: number, alias: number): void {
    const full = this.fulls[title]!;
    if (full !== NONE) keys.add(full, ofAlias(alias));
    for (let i = this.sideEnds[title - 1] ?? 0; i < this.sideEnds[title]!; i++) sides.add(this.sides[i]!, alias);
  }

  private addSides(title: string, { core, full }: { core: string; full: string }): void {
    const words = foldWords(title);
    const loose = looseKey(words);
    if (loose !== '' && loose !== full) this.sides.push(hashKey(loose, KEY_KIND.loose));
    const sound = soundKey(words);
    if (sound !== '') this.sides.push(hashKey(sound, KEY_KIND.sound));
    for (const part of soundParts(title, sound)) this.sides.push(hashKey(part.sound, KEY_KIND.part));
    for (const { acronym } of acronymsOf(title)) this.sides.push(hashKey(acronym, KEY_KIND.acronym));
    for (const reading of [...pinyinOf(full), ...(core === full ? [] : pinyinOf(core))]) {
      this.sides.push(hashKey(pinyinKey(reading.full), KEY_KIND.pinyin));
      if (reading.initials.length > 1) this.sides.push(hashKey(reading.initials, KEY_KIND.initials));
    }
  }
}

const NONE = -1;
