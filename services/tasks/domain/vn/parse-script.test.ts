import fc from 'fast-check';
import { VNEvent } from '#libs/contracts/tasks-vn';
import { flatEvents } from './flat-events.js';
import { parseScript } from './parse-script.js';
import type { Engine } from './script.js';
import { storyGraph } from './story-graph.js';

const ENGINES: readonly Engine[] = ['RENPY', 'KIRIKIRI'];

/** Text that is nearly a script. */
const scrap = fc.constantFrom(
  ...['label a:', 'label .b(x):', 'menu:', '"Yes" if x:', '"No":', 'jump a', 'call .b', 'return', 'if x:', 'elif y:'],
  ...['else:', 'while z:', 'e "hi"', 'e happy "hi', '"""', "'", '"', '(', ')', '[', '\\', '#', '$ x', 'init python:'],
  ...['*a|b', '@jump target=*a', '[link target=*a]', '[endlink]', '[if exp=x]', '[else]', '[endif]', '[iscript]'],
  ...[
    '[endscript]',
    '#A:b',
    '【甲】',
    '「',
    '[s]',
    '[p]',
    '[r]',
    '@say a b',
    '[a b="',
    ']',
    '=',
    '\n',
    '\n    ',
    '\n  ',
  ],
  ...['\n\t', '\r\n', '\r', ' ', '\u3000', '\0', '\ufeff', 'extend "x"', 'translate a b:', 'show x:', 'text'],
);
const script = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(scrap, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.array(scrap, { maxLength: 40 }).map((parts) => parts.join('\n')),
);

test.each(ENGINES)('%s: whatever the text, it is read, and every line named is a line of it', (engine) => {
  fc.assert(
    fc.property(script, (text) => {
      const read = parseScript(engine, text);
      const events = flatEvents(read).map((event) => VNEvent.parse(event));
      const lines = text.split(/\r\n?|\n/).length;
      const graph = storyGraph(read);
      const named = [...events, ...read.problems, ...graph.edges, ...graph.problems].map(({ line }) => line!);
      expect(named.filter((line) => line < 1 || line > lines)).toEqual([]);
      expect(JSON.stringify(events).isWellFormed()).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test.each(ENGINES)('%s: what stands around something broken is kept', (engine) => {
  const [before, after, broken] =
    engine === 'RENPY'
      ? [
          'label a:\n    "first"\n',
          'label b:\n    "last"\n',
          ['"x', 'e (', '$ [', 'menu:', 'if', '   ?', 'e "a" "b" "c'],
        ]
      : ['*a\nfirst\n', '*b\nlast\n', ['[x', '[if exp=a]', '[link', '[link]', '[iscript]', '@', '[x y="]', '[endif]']];
  for (const line of broken) {
    const texts = flatEvents(parseScript(engine, `${before}${line}\n${after}`)).map((event) => JSON.stringify(event));
    for (const word of ['first', 'last', '"a"', '"b"']) expect(texts.join()).toContain(word);
  }
});

const MB = 1_000_000;
const fill = (unit: string, size = 4 * MB) => unit.repeat(Math.ceil(size / unit.length));

test.each<[string, Engine, () => string]>([
  ['dialogue', 'RENPY', () => fill('    e happy "Hello there, you." with dissolve\n')],
  ['quotation marks that never close', 'RENPY', () => fill('"a\n')],
  ['escaped marks', 'RENPY', () => fill('\\"\n')],
  ['marks of three', 'RENPY', () => fill('"""\'\'\'\n')],
  ['open brackets', 'RENPY', () => fill('e (\n')],
  ['one line of brackets', 'RENPY', () => fill('(')],
  ['one line of marks', 'RENPY', () => fill('"')],
  ['one line of words', 'RENPY', () => fill('a ')],
  ['one line of attributes', 'RENPY', () => `e ${fill('a ')}"x"`],
  ['one long name', 'RENPY', () => `${fill('a')} "x"`],
  ['blocks in blocks', 'RENPY', () => Array.from({ length: 2500 }, (_, deep) => `${' '.repeat(deep)}if x:`).join('\n')],
  [
    'menus in menus',
    'RENPY',
    () =>
      Array.from({ length: 1200 }, (_, deep) => `${' '.repeat(2 * deep)}menu:\n${' '.repeat(2 * deep + 1)}"x":`).join(
        '\n',
      ),
  ],
  ['choices without a menu', 'RENPY', () => fill('"a":\n')],
  ['an endless chain of elif', 'RENPY', () => `if a:\n    pass\n${fill('elif b:\n    jump c\n')}`],
  ['empty lines', 'RENPY', () => fill('\n')],
  ['dialogue', 'KIRIKIRI', () => fill('【甲】「やあ」[l][r]\nIt is [font size=3]late[endfont].[p]\n')],
  ['open brackets', 'KIRIKIRI', () => fill('[ ')],
  ['open tags with marks', 'KIRIKIRI', () => fill('[a b="] [c d=\'] ')],
  ['one line of tags', 'KIRIKIRI', () => fill('[a]')],
  ['one tag of attributes', 'KIRIKIRI', () => `[a ${fill('b=c ')}]`],
  ['one tag of blanks', 'KIRIKIRI', () => `[a ${fill(' ')}]`],
  ['conditions in conditions', 'KIRIKIRI', () => fill('[if exp=x][link target=*a]x[endlink]')],
  ['code that never ends', 'KIRIKIRI', () => fill('[iscript]\n')],
  ['links that never end', 'KIRIKIRI', () => fill('[link target=*a]x')],
  ['a long speaker', 'KIRIKIRI', () => `#${fill('a', MB)}\n${fill('x\n', MB)}`],
])('much of it is read in a time that does not grow with its square: %s (%s)', (_what, engine, source) => {
  const text = source();
  const began = process.cpuUsage();
  const read = parseScript(engine, text);
  const events = flatEvents(read);
  storyGraph(read);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(60_000);
  expect(JSON.stringify(events).length).toBeLessThan(20 * text.length + 1000);
  expect(read.problems.length).toBeLessThanOrEqual(501);
});
