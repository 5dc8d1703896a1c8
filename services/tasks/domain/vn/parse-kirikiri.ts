import { allOf } from './all-of.js';
import { readTag, taggedLine, type Tag } from './kag-tags.js';
import { ProblemList } from './problem-list.js';
import type { Branch, Choice, Destination, Script, Statement } from './script.js';

/** Reads a KiriKiri (KAG) script; what is broken is told, and everything around it is kept. It never throws. */
export function parseKirikiri(source: string): Script {
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const reader = new KirikiriReader(text);
  let line = 1;
  for (let start = 0; start <= text.length; line++) {
    const end = text.indexOf('\n', start);
    const until = end < 0 ? text.length : end;
    if (!reader.take(text.slice(start, until).trim(), line, start)) break;
    start = until + 1;
  }
  return reader.script();
}

const MOST_STATEMENTS = 200_000;
const DEEPEST = 50;
const LONGEST_NAME = 200;

/** An `if` that is open, with the list that its lines go to. */
interface Frame {
  readonly body: Statement[];
  readonly opened?: { readonly line: number; readonly branches: Branch[]; readonly end: string };
  readonly condition?: string;
}

class KirikiriReader {
  private readonly problems = new ProblemList();
  private readonly frames: Frame[] = [{ body: [] }];
  /** How many conditions are open below the deepest that are kept apart. */
  private tooDeep = 0;
  private count = 0;
  private line = 0;
  private said = '';
  private saidOn = 0;
  private speaker: { name: string; attributes: string[]; untilPage: boolean } | undefined;
  private menu: { choices: Choice[]; depth: number } | undefined;
  private link: { tag: Tag; line: number; text: string } | undefined;
  /** The tag that ends what is being skipped, and where in the file it comes last. */
  private skipping: RegExp | undefined;
  private readonly lastEnds = new Map<string, number>();

  constructor(private readonly text: string) {}

  script(): Script {
    this.endParagraph();
    this.closeIfs();
    return { engine: 'KIRIKIRI', statements: this.frames[0]!.body, problems: this.problems.list() };
  }

  /** Reads one line more; false when there are too many statements. */
  take(text: string, line: number, position: number): boolean {
    this.line = line;
    if (this.skipping) {
      if (this.skipping.test(text)) this.skipping = undefined;
      return true;
    }
    if (text === '' || text.startsWith(';')) return true;
    if (text.startsWith('*')) this.label(text.slice(1));
    else if (text.startsWith('#')) this.speakerLine(text.slice(1).trim());
    else if (text.startsWith('@')) this.tagLine(text.slice(1), position);
    else this.textLine(text, position);
    this.flush();
    if (this.count <= MOST_STATEMENTS) return true;
    this.problems.add(line, `The script has more than ${MOST_STATEMENTS} statements; the rest was not read.`);
    return false;
  }

  private push(statement: Statement): void {
    if (++this.count <= MOST_STATEMENTS) this.frames.at(-1)!.body.push(statement);
  }

  // --- lines --------------------------------------------------------------------------------------------------------

  private label(rest: string): void {
    this.endParagraph();
    this.closeIfs();
    const written = rest.trim();
    const bar = written.indexOf('|');
    const name = (bar < 0 ? written : written.slice(0, bar)).trim();
    if (name === '') return this.problems.add(this.line, 'A label needs a name.');
    const caption = bar < 0 ? '' : written.slice(bar + 1).trim();
    this.push({ kind: 'label', line: this.line, name, written, ...(caption !== '' && { caption }) });
    this.speaker = undefined;
  }

  /** `#name`, `#name:face`, or `#` for nobody. */
  private speakerLine(rest: string): void {
    const [name = '', face = ''] = rest.split(':', 2).map((part) => part.trim());
    this.speaker = undefined;
    if (rest.length > LONGEST_NAME) this.problems.add(this.line, 'The name of a speaker is too long.');
    else if (name !== '') this.speaker = { name, attributes: face === '' ? [] : [face], untilPage: false };
  }

  private tagLine(inside: string, position: number): void {
    const tag = readTag(inside);
    if (tag.name === '') return this.problems.add(this.line, 'After the @ comes no name of a tag.');
    if (tag.name === 'say') this.say(tag);
    else this.tag(tag, position);
  }

  /** `@say Speaker words`, `@say words`, or with `name=` and `text=`. */
  private say({ rest, attributes }: Tag): void {
    const named = /^(?:name|speaker|text)\s*=/i.test(rest);
    const space = rest.search(/\s/);
    const speaker = named
      ? (attributes.get('name') ?? attributes.get('speaker') ?? '')
      : rest.slice(0, Math.max(0, space));
    const text = named ? (attributes.get('text') ?? '') : rest.slice(space + 1).trim();
    const { line } = this;
    if (text === '') this.problems.add(line, 'A @say needs something to be said.');
    else if (speaker === '') this.push({ kind: 'narration', line, text });
    else this.push({ kind: 'say', line, speaker, quoted: true, attributes: [], text });
  }

  private textLine(line: string, position: number): void {
    const name = /^【([^】]{1,100})】\s*/.exec(line);
    const before = this.speaker;
    if (name) this.speaker = { name: name[1]!.trim(), attributes: [], untilPage: true };
    const words = name ? line.slice(name[0].length) : line;
    const { parts, fault } = taggedLine(words);
    if (fault !== undefined) this.problems.add(this.line, fault);
    for (const part of parts) {
      if (this.skipping || this.count > MOST_STATEMENTS) break;
      if (typeof part === 'string') this.append(part);
      else this.tag(part, position);
    }
    this.flush();
    const spoken = parts.some((part) => typeof part === 'string' && part.trim() !== '');
    if (name && spoken && words.lastIndexOf('「') <= words.lastIndexOf('」')) this.speaker = before;
  }

  // --- text ---------------------------------------------------------------------------------------------------------

  private append(text: string): void {
    if (this.link) {
      this.link.text += text;
      return;
    }
    if (this.said === '') this.saidOn = this.line;
    this.said += text;
  }

  /** What was gathered becomes a statement; between the choices of a menu, mere bullets are nothing. */
  private flush({ beforeChoice = false } = {}): void {
    const text = this.said.trim();
    this.said = '';
    if (text === '' || ((beforeChoice || this.menu) && !/\p{L}/u.test(text))) return;
    const line = this.saidOn;
    if (!this.speaker) return this.push({ kind: 'text', line, text });
    const { name, attributes } = this.speaker;
    this.push({ kind: 'say', line, speaker: name, quoted: true, attributes, text });
  }

  private endPage(): void {
    this.endParagraph();
    if (this.speaker?.untilPage) this.speaker = undefined;
  }

  private endParagraph(): void {
    if (this.link) this.problems.add(this.link.line, 'A link is never closed with [endlink].');
    this.endLink();
    this.flush();
    this.menu = undefined;
  }

  // --- tags ---------------------------------------------------------------------------------------------------------

  private tag(tag: Tag, position: number): void {
    const { line } = this;
    const condition = tag.attributes.get('cond');
    const conditional = condition !== undefined && { condition };
    switch (tag.name) {
      case 'r':
        return this.append('\n');
      case 'l':
        return;
      case 'p':
      case 'cm':
      case 'ct':
      case 'er':
        return this.endPage();
      case 'ch':
        return this.append(tag.attributes.get('text') ?? '');
      case 'emb':
        return this.append(`[${tag.attributes.get('exp') ?? ''}]`);
      case 's':
      case 'return':
        this.endParagraph();
        return this.push({ kind: 'return', line, ...conditional });
      case 'jump':
        return this.jump(tag, conditional);
      case 'call':
        this.flush();
        return this.push({ kind: 'call', line, ...this.destination(tag), ...conditional });
      case 'link':
        if (this.link) this.problems.add(this.link.line, 'A link is never closed with [endlink].');
        this.endLink();
        this.flush({ beforeChoice: true });
        this.link = { tag, line, text: '' };
        return;
      case 'endlink':
        if (!this.link) this.problems.add(line, 'There is no [link] that this [endlink] closes.');
        return this.endLink();
      case 'button':
      case 'glink':
      case 'seladd':
        this.flush({ beforeChoice: true });
        return this.choice(tag, line, labelOf(tag));
      case 'if':
        return this.openIf(tag.attributes.get('exp') ?? tag.rest, 'endif');
      case 'ignore':
        return this.openIf(`!(${tag.attributes.get('exp') ?? tag.rest})`, 'endignore');
      case 'elsif':
        return this.nextBranch(tag.name, { condition: tag.attributes.get('exp') ?? tag.rest });
      case 'else':
        return this.nextBranch(tag.name, {});
      case 'endif':
      case 'endignore':
        return this.closeIf(tag.name);
      case 'iscript':
        return this.skip('code', 'endscript', position);
      case 'macro':
        return this.skip('macro', 'endmacro', position);
      case 'endscript':
      case 'endmacro':
        return;
      case 'chara_ptext':
        return this.speakerLine(`${tag.attributes.get('name') ?? ''}:${tag.attributes.get('face') ?? ''}`);
      default:
        return this.push({ kind: 'stage', line, command: tag.name, rest: tag.rest });
    }
  }

  private jump(tag: Tag, conditional: { condition: string } | false): void {
    this.endParagraph();
    const destination = this.destination(tag);
    if (destination.label !== undefined || destination.storage !== undefined) {
      const written = destination.label ?? destination.storage!;
      return this.push({ kind: 'jump', line: this.line, written, ...destination, ...conditional });
    }
    if (tag.rest === '') return this.problems.add(this.line, 'A jump needs a target.');
    this.push({ kind: 'jump', line: this.line, written: tag.rest, label: bareLabel(tag.rest) });
  }

  private destination({ attributes }: Tag): Destination {
    const target = attributes.get('target');
    const storage = attributes.get('storage');
    const computed = (target ?? storage)?.startsWith('&') ?? false;
    return {
      ...(target !== undefined && { label: bareLabel(target) }),
      ...(storage !== undefined && { storage }),
      ...(computed && { computed }),
    };
  }

  private endLink(): void {
    if (!this.link) return;
    const { tag, line, text } = this.link;
    this.link = undefined;
    this.choice(tag, line, text.trim() === '' ? labelOf(tag) : text.trim());
  }

  private choice(tag: Tag, line: number, text: string): void {
    if (!this.menu) {
      this.menu = { choices: [], depth: this.frames.length };
      this.push({ kind: 'menu', line, captions: [], choices: this.menu.choices });
    }
    const around = this.frames.slice(this.menu.depth).map(({ condition }) => condition ?? 'else');
    const condition = allOf([...around, tag.attributes.get('cond')]);
    const goto = this.destination(tag);
    if (++this.count > MOST_STATEMENTS) return;
    this.menu.choices.push({
      line,
      text,
      ...(condition !== undefined && { condition }),
      ...((goto.label ?? goto.storage) !== undefined && { goto }),
      body: [],
    });
  }

  // --- conditions and what is skipped -------------------------------------------------------------------------------

  private openIf(condition: string, end: string): void {
    this.flush();
    const { line } = this;
    if (this.frames.length > DEEPEST) {
      this.problems.addOnce(line, `Conditions nest deeper than ${DEEPEST}; the deeper ones were read as one.`);
      this.tooDeep++;
      return;
    }
    const body: Statement[] = [];
    const branches: Branch[] = [{ line, condition, body }];
    this.push({ kind: 'if', line, branches });
    this.frames.push({ body, opened: { line, branches, end }, condition });
  }

  private nextBranch(name: string, { condition }: { condition?: string }): void {
    this.flush();
    if (this.tooDeep > 0) return;
    const { line } = this;
    const { opened } = this.frames.at(-1)!;
    if (!opened) return this.problems.add(line, `There is no [if] to which this [${name}] belongs.`);
    this.popFrame();
    const body: Statement[] = [];
    const conditional = condition !== undefined && { condition };
    if (++this.count <= MOST_STATEMENTS) opened.branches.push({ line, ...conditional, body });
    this.frames.push({ body, opened, ...conditional });
  }

  private closeIf(name: string): void {
    this.flush();
    if (this.tooDeep > 0) return void this.tooDeep--;
    if (this.frames.at(-1)!.opened?.end === name) return this.popFrame();
    this.problems.add(this.line, `There is nothing open that this [${name}] closes.`);
  }

  private closeIfs(): void {
    this.tooDeep = 0;
    while (this.frames.length > 1) {
      const { opened } = this.frames.at(-1)!;
      if (opened) this.problems.add(opened.line, `An [if] is never closed with [${opened.end}].`);
      this.popFrame();
    }
  }

  private popFrame(): void {
    this.frames.pop();
    if (this.menu && this.menu.depth > this.frames.length) this.menu = undefined;
  }

  private skip(what: string, end: string, position: number): void {
    this.flush();
    this.push({ kind: 'skipped', line: this.line, what });
    const closing = new RegExp(`[@[][ \\t]*${end}(?![\\w])`, 'gi');
    const last = this.lastEnds.get(end) ?? [...this.text.matchAll(closing)].at(-1)?.index ?? -1;
    this.lastEnds.set(end, last);
    const lineEnd = this.text.indexOf('\n', position);
    if (last > (lineEnd < 0 ? this.text.length : lineEnd)) this.skipping = new RegExp(closing.source, 'i');
    else if (last < position) this.problems.add(this.line, `What begins here is never closed with [${end}].`);
  }
}

/** The name as the label's own line gives it, without the star. */
function bareLabel(target: string): string {
  return target.trim().replace(/^\*/, '').split('|')[0]!.trim();
}

function labelOf({ attributes }: Tag): string {
  const found = ['text', 'hint', 'alt', 'graphic', 'target', 'storage'].map((name) => attributes.get(name));
  return found.find((text) => text !== undefined && text !== '') ?? '';
}
