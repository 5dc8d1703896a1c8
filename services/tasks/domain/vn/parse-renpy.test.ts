import { parseRenpy } from './parse-renpy.js';
import type { Statement } from './script.js';

const read = (source: string) => parseRenpy(source);
const statements = (source: string) => {
  const { statements: found, problems } = read(source);
  expect(problems).toEqual([]);
  return found;
};
const one = (source: string) => {
  const found = statements(source);
  expect(found).toHaveLength(1);
  return found[0] as Statement & Record<string, unknown>;
};
const problems = (source: string) => read(source).problems.map(({ line, message }) => `${line}: ${message}`);

const STORY = `# The story of a door.
define e = Character("Eileen",
    color="#c8ffc8")  # two lines
image bg door = "door.png"

init python:
    def f():
        return "label x:"

label start(mood="calm"):
    scene bg door with fade
    play music "quiet.ogg"
    "It is night."
    e happy "Are you \\"there\\"?" with dissolve
    "Bob" "I am."
    menu choose:
        e "What now?"
        "Open it" if brave:
            $ opened = True
            "The door opens."
            menu:
                "Go in":
                    jump inside
                "Wait":
                    pass
        "Leave":
            jump .outside
    if opened and (a or
            b):
        "Wind."
    elif late:
        call clock("x") from _clock
    else:
        return
    while not tired:
        e "..."

label .outside:
    jump expression "end_" + mood

label inside:
    call screen map
    return
`;

test('a whole story is read as it is built', () => {
  const found = statements(STORY);
  expect(found.map(({ kind, line }) => `${line} ${kind}`)).toEqual([
    '2 skipped',
    '4 skipped',
    '6 skipped',
    '10 label',
    '11 stage',
    '12 stage',
    '13 narration',
    '14 say',
    '15 say',
    '16 label',
    '16 menu',
    '28 if',
    '35 loop',
    '38 label',
    '39 jump',
    '41 label',
    '42 stage',
    '43 return',
  ]);
  expect(found[3]).toEqual({
    kind: 'label',
    line: 10,
    name: 'start',
    written: 'start(mood="calm")',
    parameters: 'mood="calm"',
  });
  expect(found[4]).toMatchObject({ command: 'scene', rest: 'bg door with fade' });
  expect(found[7]).toEqual({
    kind: 'say',
    line: 14,
    speaker: 'e',
    quoted: false,
    attributes: ['happy'],
    text: 'Are you "there"?',
    transition: 'dissolve',
  });
  expect(found[8]).toMatchObject({ speaker: 'Bob', quoted: true, text: 'I am.' });
  expect(found[10]).toMatchObject({
    captions: [{ kind: 'say', speaker: 'e', text: 'What now?' }],
    choices: [
      {
        line: 18,
        text: 'Open it',
        condition: 'brave',
        body: [
          { kind: 'skipped' },
          { kind: 'narration' },
          { kind: 'menu', choices: [{ body: [{ kind: 'jump', label: 'inside' }] }, { text: 'Wait', body: [] }] },
        ],
      },
      { text: 'Leave', body: [{ kind: 'jump', label: 'choose.outside', written: '.outside' }] },
    ],
  });
  expect(found[11]).toMatchObject({
    branches: [
      { line: 28, condition: 'opened and (a or\n            b)', body: [{ text: 'Wind.' }] },
      { line: 31, condition: 'late', body: [{ kind: 'call', label: 'clock' }] },
      { line: 33, body: [{ kind: 'return' }] },
    ],
  });
  expect(found[12]).toMatchObject({ condition: 'not tired', body: [{ text: '...' }] });
  expect(found[14]).toMatchObject({ computed: true, label: '"end_" + mood' });
});

test.each([
  ['"Hello"', { kind: 'narration', text: 'Hello' }],
  ["'Hello'", { kind: 'narration', text: 'Hello' }],
  ['e "a # b"  # said', { kind: 'say', speaker: 'e', text: 'a # b' }],
  ['e "one\\ntwo \\u4e2d \\\\ \\%"', { text: 'one\ntwo 中 \\ %' }],
  ['e r"raw \\n"', { text: 'raw \\n', attributes: [] }],
  ['e "runs\n   over lines"', { text: 'runs over lines' }],
  ['e -happy @ sad "x"', { attributes: ['-happy', '@', 'sad'] }],
  ['e "x" (what_size=20) nointeract id start_1 with Dissolve(1.0)', { text: 'x', transition: 'Dissolve(1.0)' }],
  ['"Bob Q." happy "x"', { kind: 'say', speaker: 'Bob Q.', attributes: ['happy'], text: 'x' }],
  ['"" "x"', { kind: 'narration', text: 'x' }],
  ['爱丽丝 "你好。"', { kind: 'say', speaker: '爱丽丝', text: '你好。' }],
  ['$ x = "label a:"', { kind: 'skipped', what: 'python' }],
  ['show text "Hello" at top', { kind: 'stage', command: 'show', rest: 'text "Hello" at top' }],
  ['screen x():\n    text "hidden"\n    vbox:\n        text "too"', { kind: 'skipped', what: 'screen' }],
  ['translate german start_1:\n    e "Hallo"', { kind: 'skipped', what: 'translate' }],
  ['show e:\n    xalign 0.5\n', { kind: 'stage', command: 'show', rest: 'e' }],
])('%j is understood', (source, expected) => {
  expect(one(source)).toMatchObject(expected);
});

test('each paragraph of a triple-quoted text is said for itself, on its own line', () => {
  expect(statements('e """\n  First,\n  and on.\n\n  Second.\n"""\n"""Third."""')).toMatchObject([
    { kind: 'say', speaker: 'e', text: 'First, and on.', line: 2 },
    { kind: 'say', text: 'Second.', line: 5 },
    { kind: 'narration', text: 'Third.', line: 7 },
  ]);
});

test('extend goes on with whoever spoke last', () => {
  expect(statements('e sad "I"\nextend " am."')).toMatchObject([
    {},
    { speaker: 'e', attributes: ['sad'], text: ' am.' },
  ]);
});

test('an init block is a block like any other, a local label belongs to the label before it', () => {
  expect(statements('init 1:\n    define x = 1\n    e "in"')).toMatchObject([{ what: 'define' }, { text: 'in' }]);
  expect(statements('label a:\nlabel .b:\njump .b')).toMatchObject([
    { name: 'a' },
    { name: 'a.b', written: '.b' },
    { label: 'a.b' },
  ]);
});

describe('what is broken is told, and the rest is kept', () => {
  test('a quotation mark that is never closed costs its own line', () => {
    const { statements: found } = read('e "Hello\ne "World"\n"End"');
    expect(found).toMatchObject([{ text: 'Hello' }, { text: 'World' }, { text: 'End' }]);
    expect(problems('e "Hello\ne "World"\n"End"')).toEqual(['1: A quotation mark is never closed.']);
  });

  test('a bracket that is never closed does not swallow the next label', () => {
    const source = 'define e = Character("E"\n"Hi"\nlabel start:\n    "Here"';
    expect(read(source).statements).toMatchObject([
      { what: 'define' },
      { text: 'Hi' },
      { name: 'start' },
      { text: 'Here' },
    ]);
    expect(problems(source)).toEqual(['1: A bracket is never closed.']);
  });

  test('marks inside a text that are not escaped stay in it', () => {
    expect(read('"He said "hi" to me"').statements).toMatchObject([{ kind: 'narration', text: 'He said "hi" to me' }]);
    expect(read('e "He said "hi" to me"').statements).toMatchObject([{ speaker: 'e', text: 'He said "hi" to me' }]);
    expect(problems('"He said "hi" to me"')).toHaveLength(1);
  });

  test.each([
    ['label a:\n\t"x"', '2: Tabs are used for indentation; Ren’Py wants spaces. Each was read as four.'],
    ['"x"\n    "y"', '2: The indentation fits no block; the line was read with what stands before it.'],
    ['if a:\n        "x"\n    "y"', '3: The indentation fits no block; the line was read with what stands before it.'],
    ['if a:\n"x"', '1: The if is followed by no indented block.'],
    ['"x"\nif a:', '2: The if is followed by no indented block.'],
    ['else:\n    "x"', '1: There is no if to which this else belongs.'],
    ['label a\n    "x"', '1: The label a must end with a colon.'],
    ['label :', '1: A label needs a name.'],
    ['jump', '1: A jump needs the name of a label.'],
    ['"Yes":\n    "x"', '1: A choice stands outside of a menu.'],
    ['menu:\n    "A":\n        "x"\n    jump b', '4: In a menu only choices and a caption may stand.'],
    ['e "x" oops', '1: What follows the text is not understood: oops'],
    ['wibble wobble', '1: The statement is not understood: wibble wobble'],
  ])('%j', (source, problem) => {
    expect(problems(source)).toEqual([problem]);
  });

  test('choices that are not indented are still choices', () => {
    const { statements: found } = read('menu:\n"A":\n    "a"\n"B" if x:\n    "b"\n"after"');
    expect(found).toMatchObject([
      {
        kind: 'menu',
        choices: [
          { text: 'A', body: [{ text: 'a' }] },
          { text: 'B', body: [{ text: 'b' }] },
        ],
      },
      { kind: 'narration', text: 'after' },
    ]);
    expect(read('menu:\n"A":\njump a\n"B":\njump b').statements[0]).toMatchObject({
      choices: [{ text: 'A' }, { text: 'B' }],
    });
  });
});
