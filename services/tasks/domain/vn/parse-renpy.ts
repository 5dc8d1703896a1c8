import { ProblemList } from './problem-list.js';
import { renpyLines, type LogicalLine } from './renpy-lines.js';
import { RenpyScanner } from './renpy-scanner.js';
import { wordsOf, type Words } from './renpy-words.js';
import type { Branch, Choice, Destination, SayStatement, Script, Statement, TextStatement } from './script.js';

/** Reads a Ren'Py script; what is broken is told, and everything around it is kept. It never throws. */
export function parseRenpy(source: string): Script {
  const reader = new RenpyReader();
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  for (const line of renpyLines(text, reader.problems)) if (!reader.take(line)) break;
  return reader.script();
}

const MOST_STATEMENTS = 200_000;
const DEEPEST = 50;
const LONGEST_NAME = 200;

const DEFINITIONS = new Set(['define', 'default', 'image', 'transform', 'style', 'screen', 'layeredimage', 'testcase']);
const STAGE = new Set([
  ...['scene', 'show', 'hide', 'with', 'camera', 'window', 'nvl', 'pause', 'rpy'],
  ...['play', 'stop', 'queue', 'voice'],
]);

/** Where statements go: a list, or a menu, whose lines are its choices. */
interface Place {
  readonly body: Statement[];
  readonly depth: number;
  readonly menu?: OpenMenu;
}

interface OpenMenu {
  readonly captions: (SayStatement | TextStatement)[];
  readonly choices: Choice[];
  last: Place;
}

interface Frame {
  readonly indent: number;
  readonly place: Place;
  /** The choices of a menu that stand where the menu stands, instead of below it. */
  readonly loose?: boolean;
}

class RenpyReader {
  readonly problems = new ProblemList();
  private readonly body: Statement[] = [];
  private readonly frames: Frame[] = [{ indent: 0, place: { body: this.body, depth: 0 } }];
  /** The block that the last line promised. */
  private promised: { indent: number; line: number; place: Place; what?: string } | undefined;
  private skipBelow: number | undefined;
  private looseMenu: Frame | undefined;
  private globalLabel = '';
  private lastSpeaker: SayStatement | undefined;
  private count = 0;

  script(): Script {
    if (this.promised?.what !== undefined) this.missesBlock(this.promised.line, this.promised.what);
    return { engine: 'RENPY', statements: this.body, problems: this.problems.list() };
  }

  /** Reads one line more; false when there are too many. */
  take(line: LogicalLine): boolean {
    if (this.skipBelow !== undefined && line.indent > this.skipBelow) return true;
    this.skipBelow = undefined;
    if (++this.count > MOST_STATEMENTS) {
      this.problems.add(line.line, `The script has more than ${MOST_STATEMENTS} statements; the rest was not read.`);
      return false;
    }
    const place = this.placeFor(line);
    if (place.menu) this.menuLine(line, place, place.menu);
    else this.statement(line, place);
    return true;
  }

  private placeFor(line: LogicalLine): Place {
    const { promised, frames } = this;
    this.promised = undefined;
    if (promised && line.indent > promised.indent) {
      frames.push({ indent: line.indent, place: promised.place });
      return promised.place;
    }
    while (frames.length > 1 && line.indent < this.top().indent) frames.pop();
    if (promised?.place.menu && line.indent === promised.indent && isChoice(line.text)) {
      this.problems.add(line.line, 'The choices of a menu must be indented below it.');
      this.looseMenu = { indent: line.indent, place: promised.place, loose: true };
      frames.push(this.looseMenu);
      return promised.place;
    }
    if (promised?.what !== undefined) this.missesBlock(promised.line, promised.what);
    if (this.top().loose && !isChoice(line.text)) frames.pop();
    if (line.indent > this.top().indent) {
      this.problems.add(line.line, 'The indentation fits no block; the line was read with what stands before it.');
      frames.push({ indent: line.indent, place: this.top().place });
    }
    return this.top().place;
  }

  private top(): Frame {
    return this.frames.at(-1)!;
  }

  private missesBlock(line: number, what: string): void {
    this.problems.add(line, `${what} is followed by no indented block.`);
  }

  /** A list one level further in; beyond the deepest level it is the one that contains it. */
  private inner(line: number, { body, depth }: Place): Place {
    if (depth < DEEPEST) return { body: [], depth: depth + 1 };
    this.problems.addOnce(line, `Blocks nest deeper than ${DEEPEST}; the deeper ones were read as one.`);
    return { body, depth };
  }

  // --- statements ---------------------------------------------------------------------------------------------------

  private statement(at: LogicalLine, place: Place): void {
    const { line, text } = at;
    if (text.startsWith('$')) return void place.body.push({ kind: 'skipped', line, what: 'python' });
    const scanner = new RenpyScanner(text);
    const word = scanner.word();
    switch (word) {
      case 'label':
        return this.label(at, place, scanner);
      case 'menu':
        if (text.endsWith(':')) return this.menu(at, place, scanner);
        break;
      case 'jump':
        return this.jump(at, place, scanner);
      case 'call':
        return this.call(at, place, scanner);
      case 'return':
        return void place.body.push({ kind: 'return', line });
      case 'pass':
        return;
      case 'if':
      case 'elif':
      case 'else':
        return this.branch(at, place, scanner, word);
      case 'while':
        return this.loop(at, place, scanner);
      case 'init':
        if (/^init\s*(-?\d+\s*)?:$/.test(text)) return this.promise(at, place, 'init');
        return this.skip(at, place, text.includes('python') ? 'python' : 'init');
      case 'python':
      case 'translate':
        return this.skip(at, place, word);
      case undefined:
      default:
        break;
    }
    if (word !== undefined && DEFINITIONS.has(word)) return this.skip(at, place, word);
    if (word !== undefined && STAGE.has(word)) return this.stage(at, place, word, scanner.rest());
    this.words(at, place);
  }

  private promise({ line, indent }: LogicalLine, place: Place, what?: string): void {
    this.promised = { line, indent, place, ...(what !== undefined && { what }) };
  }

  private skip({ line, indent, text }: LogicalLine, place: Place, what: string): void {
    place.body.push({ kind: 'skipped', line, what });
    if (text.endsWith(':')) this.skipBelow = indent;
  }

  private stage({ line, indent, text }: LogicalLine, place: Place, command: string, rest: string): void {
    place.body.push({ kind: 'stage', line, command, rest: rest.replace(/:$/, '').trim() });
    if (text.endsWith(':')) this.skipBelow = indent;
  }

  private label(at: LogicalLine, place: Place, scanner: RenpyScanner): void {
    const { line } = at;
    const name = scanner.name();
    if (name === undefined) return this.problems.add(line, 'A label needs a name.');
    if (name.length > LONGEST_NAME) return this.problems.add(line, 'The name of the label is too long.');
    const written = at.text.slice('label'.length).replace(/:$/, '').trim();
    const parameters = scanner.parenthesis();
    scanner.keyword('hide');
    if (!scanner.mark(':')) this.problems.add(line, `The label ${name} must end with a colon.`);
    else if (!scanner.atEnd())
      this.problems.add(line, `After the label ${name} comes something else on the same line.`);
    if (!name.startsWith('.')) this.globalLabel = name.split('.')[0]!;
    place.body.push({
      kind: 'label',
      line,
      name: this.fullName(name),
      written,
      ...(parameters !== undefined && { parameters }),
    });
    this.looseMenu = undefined;
    this.promise(at, place);
  }

  private fullName(name: string): string {
    return name.startsWith('.') ? this.globalLabel + name : name;
  }

  private menu(at: LogicalLine, place: Place, scanner: RenpyScanner): void {
    const { line } = at;
    const name = scanner.name();
    if (name !== undefined && name.length <= LONGEST_NAME) {
      place.body.push({ kind: 'label', line, name: this.fullName(name), written: name });
      if (!name.startsWith('.')) this.globalLabel = name.split('.')[0]!;
    }
    scanner.parenthesis();
    if (!scanner.mark(':') || !scanner.atEnd())
      this.problems.add(line, 'The first line of the menu is not understood.');
    const menu: OpenMenu = { captions: [], choices: [], last: place };
    place.body.push({ kind: 'menu', line, captions: menu.captions, choices: menu.choices });
    this.promise(at, { ...place, menu }, 'The menu');
  }

  private jump({ line, text }: LogicalLine, place: Place, scanner: RenpyScanner): void {
    const written = text.slice('jump'.length).trim();
    const destination = this.destination(scanner);
    if (destination === undefined) return this.problems.add(line, 'A jump needs the name of a label.');
    if (!scanner.atEnd()) this.problems.add(line, `After the jump comes something that is not understood.`);
    place.body.push({ kind: 'jump', line, written, ...destination });
  }

  private call(at: LogicalLine, place: Place, scanner: RenpyScanner): void {
    if (scanner.keyword('screen')) return this.stage(at, place, 'call', `screen ${scanner.rest()}`);
    const destination = this.destination(scanner);
    if (destination === undefined) return this.problems.add(at.line, 'A call needs the name of a label.');
    place.body.push({ kind: 'call', line: at.line, ...destination });
  }

  private destination(scanner: RenpyScanner): Destination | undefined {
    if (scanner.keyword('expression')) return { label: scanner.rest(), computed: true };
    const name = scanner.name();
    return name === undefined || name.length > LONGEST_NAME ? undefined : { label: this.fullName(name) };
  }

  private branch(at: LogicalLine, place: Place, scanner: RenpyScanner, word: 'if' | 'elif' | 'else'): void {
    const { line } = at;
    const condition = scanner.untilColon();
    if (condition === undefined) this.problems.add(line, `The ${word} must end with a colon.`);
    else if ((word === 'else') !== (condition === ''))
      this.problems.add(line, `The condition of the ${word} is wrong.`);
    const inner = this.inner(line, place);
    const branch: Branch = {
      line,
      ...(word !== 'else' && { condition: condition ?? scanner.rest() }),
      body: inner.body === place.body ? [] : inner.body,
    };
    const before = place.body.at(-1);
    if (word === 'if') place.body.push({ kind: 'if', line, branches: [branch] });
    else if (before?.kind === 'if' && before.branches.at(-1)?.condition !== undefined)
      (before.branches as Branch[]).push(branch);
    else {
      this.problems.add(line, `There is no if to which this ${word} belongs.`);
      place.body.push({ kind: 'if', line, branches: [branch] });
    }
    this.promise(at, inner, `The ${word}`);
  }

  private loop(at: LogicalLine, place: Place, scanner: RenpyScanner): void {
    const condition = scanner.untilColon();
    if (condition === undefined) this.problems.add(at.line, 'The while must end with a colon.');
    const inner = this.inner(at.line, place);
    const body = inner.body === place.body ? [] : inner.body;
    place.body.push({ kind: 'loop', line: at.line, condition: condition ?? scanner.rest(), body });
    this.promise(at, inner, 'The while');
  }

  // --- words and menus ----------------------------------------------------------------------------------------------

  private words(at: LogicalLine, place: Place): void {
    const { line, indent, text } = at;
    if (isChoice(text)) {
      if (this.looseMenu?.indent === indent && this.looseMenu.place.menu) {
        this.frames.push(this.looseMenu);
        return this.menuLine(at, this.looseMenu.place, this.looseMenu.place.menu);
      }
      this.problems.add(line, 'A choice stands outside of a menu.');
      return this.promise(at, place);
    }
    const said = wordsOf(text);
    if (said === undefined) {
      this.problems.add(line, `The statement is not understood: ${text.slice(0, 60)}`);
      if (text.endsWith(':')) this.skipBelow = indent;
      return;
    }
    if (said.fault !== undefined) this.problems.add(line, said.fault);
    for (const statement of this.statementsOf(said, line)) place.body.push(statement);
  }

  /** One statement, or one for every paragraph. */
  private statementsOf({ speaker, quoted, attributes, words, transition }: Words, line: number) {
    const parts = words.paragraphs ?? [{ text: words.text, below: 0 }];
    return parts.map(({ text, below }): SayStatement | TextStatement => {
      const said = { line: line + below, text, ...(transition !== undefined && { transition }) };
      if (speaker === 'extend' && !quoted) {
        const last = this.lastSpeaker;
        return last ? { ...last, ...said } : { kind: 'narration', ...said };
      }
      this.lastSpeaker =
        speaker === undefined || speaker === '' ? undefined : { kind: 'say', speaker, quoted, attributes, ...said };
      return this.lastSpeaker ?? { kind: 'narration', ...said };
    });
  }

  private menuLine(at: LogicalLine, place: Place, menu: OpenMenu): void {
    const { line, text } = at;
    const scanner = new RenpyScanner(text);
    const words = scanner.string();
    if (words && isChoice(text)) {
      scanner.parenthesis();
      const condition = scanner.keyword('if') ? scanner.untilColon() : undefined;
      if (condition === undefined && (!scanner.mark(':') || !scanner.atEnd()))
        this.problems.add(line, 'What follows the text of the choice is not understood.');
      const inner = this.inner(line, place);
      const body = inner.body === place.body ? [] : inner.body;
      menu.choices.push({ line, text: words.text, ...(condition !== undefined && { condition }), body });
      menu.last = inner;
      return this.promise(at, inner, 'The choice');
    }
    if (/^(?:set|with|pass)\b/.test(text)) return;
    const said = wordsOf(text);
    if (said !== undefined) {
      if (said.fault !== undefined) this.problems.add(line, said.fault);
      menu.captions.push(...this.statementsOf(said, line));
      return;
    }
    this.problems.add(line, 'In a menu only choices and a caption may stand.');
    this.statement(at, menu.last);
  }
}

/** Whether a line offers a choice: a string that a colon follows, with perhaps a condition between them. */
function isChoice(text: string): boolean {
  if (!text.endsWith(':') || !/^["'`]/.test(text)) return false;
  const scanner = new RenpyScanner(text);
  scanner.string();
  scanner.parenthesis();
  return scanner.keyword('if') || scanner.mark(':');
}
