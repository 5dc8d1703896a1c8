import { parseKirikiri } from './parse-kirikiri.js';

const statements = (source: string) => {
  const { statements: found, problems } = parseKirikiri(source);
  expect(problems).toEqual([]);
  return found;
};
const problems = (source: string) => parseKirikiri(source).problems.map(({ line, message }) => `${line}: ${message}`);

const STORY = `; The story of a door.
*start|Beginning
[cm]
@bg storage="door ].jpg" time=500
[iscript]
f.x = "*notalabel";
[endscript]
It is night.[l][r]
The wind [wait time=200]blows.[p]
#Eileen:happy
Are you there?[p]
#
【ボブ】「いるよ」[p]
[if exp="f.brave && f.key"]
[call storage=sub.ks target=*knock]
Knock.
[else]
[return cond=f.tired]
[endif]
・[link target=*inside]Open it[endlink][r]
・[link storage=second.ks target=*outside cond=f.brave]Leave[endlink][r]
[s]
*inside
@jump target=*start cond="f.again == 1"
[button graphic=map hint="The map" target=*map]
[s]
*map
[jump storage=third.ks]
`;

test('a whole story is read as it is built', () => {
  expect(statements(STORY)).toEqual([
    { kind: 'label', line: 2, name: 'start', written: 'start|Beginning', caption: 'Beginning' },
    { kind: 'stage', line: 4, command: 'bg', rest: 'storage="door ].jpg" time=500' },
    { kind: 'skipped', line: 5, what: 'code' },
    { kind: 'text', line: 8, text: 'It is night.' },
    { kind: 'stage', line: 9, command: 'wait', rest: 'time=200' },
    { kind: 'text', line: 9, text: 'The wind blows.' },
    { kind: 'say', line: 11, speaker: 'Eileen', quoted: true, attributes: ['happy'], text: 'Are you there?' },
    { kind: 'say', line: 13, speaker: 'ボブ', quoted: true, attributes: [], text: '「いるよ」' },
    {
      kind: 'if',
      line: 14,
      branches: [
        {
          line: 14,
          condition: 'f.brave && f.key',
          body: [
            { kind: 'call', line: 15, label: 'knock', storage: 'sub.ks' },
            { kind: 'text', line: 16, text: 'Knock.' },
          ],
        },
        { line: 17, body: [{ kind: 'return', line: 18, condition: 'f.tired' }] },
      ],
    },
    {
      kind: 'menu',
      line: 20,
      captions: [],
      choices: [
        { line: 20, text: 'Open it', goto: { label: 'inside' }, body: [] },
        { line: 21, text: 'Leave', condition: 'f.brave', goto: { label: 'outside', storage: 'second.ks' }, body: [] },
      ],
    },
    { kind: 'return', line: 22 },
    { kind: 'label', line: 23, name: 'inside', written: 'inside' },
    { kind: 'jump', line: 24, written: 'start', label: 'start', condition: 'f.again == 1' },
    {
      kind: 'menu',
      line: 25,
      captions: [],
      choices: [{ line: 25, text: 'The map', goto: { label: 'map' }, body: [] }],
    },
    { kind: 'return', line: 26 },
    { kind: 'label', line: 27, name: 'map', written: 'map' },
    { kind: 'jump', line: 28, written: 'third.ks', storage: 'third.ks' },
  ]);
});

test.each([
  ['a[r]b', [{ kind: 'text', text: 'a\nb' }]],
  ['a[p]b[cm]c', [{ text: 'a' }, { text: 'b' }, { text: 'c' }]],
  ['[[not a tag]', [{ kind: 'text', text: '[not a tag]' }]],
  ['Dear [emb exp=f.name], [ch text=あ]', [{ text: 'Dear [f.name], あ' }]],
  ['@say Alice Hello there', [{ kind: 'say', speaker: 'Alice', text: 'Hello there' }]],
  ['@SAY Alice Hello', [{ kind: 'say', speaker: 'Alice', text: 'Hello' }]],
  ['@say name=Alice text="Hello there"', [{ kind: 'say', speaker: 'Alice', text: 'Hello there' }]],
  ['@jump *end', [{ kind: 'jump', written: '*end', label: 'end' }]],
  ["@jump storage='a b.ks' target = *end", [{ storage: 'a b.ks', label: 'end' }]],
  ['[jump target=&f.where]', [{ computed: true }]],
  ['[ignore exp=x]a[endignore]', [{ kind: 'if', branches: [{ condition: '!(x)', body: [{ text: 'a' }] }] }]],
  ['[macro name=m]\ninside\n[endmacro]\nafter', [{ what: 'macro' }, { text: 'after' }]],
  ['【A】\none\ntwo[p]\nthree', [{ speaker: 'A' }, { speaker: 'A' }, { kind: 'text', text: 'three' }]],
  ['【A】「one\ntwo」[p]\nthree', [{ speaker: 'A' }, { speaker: 'A', text: 'two」' }, { kind: 'text' }]],
  [
    '【A】one\ntwo',
    [
      { speaker: 'A', text: 'one' },
      { kind: 'text', text: 'two' },
    ],
  ],
  ['#A\none\n*next\ntwo', [{ speaker: 'A' }, { name: 'next' }, { kind: 'text' }]],
])('%j is understood', (source, expected) => {
  expect(statements(source)).toMatchObject(expected);
});

test('a choice inside an [if] is a choice of the same menu, with the condition', () => {
  const source = '[link target=*a]A[endlink]\n[if exp=x]\n[link target=*b cond=y]B[endlink]\n[endif]\n[s]';
  expect(statements(source)[0]).toMatchObject({ choices: [{ text: 'A' }, { text: 'B', condition: 'x && y' }] });
});

test.each([
  [
    'Hello [world',
    '1: A square bracket is never closed; what follows it was read as text.',
    [{ text: 'Hello [world' }],
  ],
  ['[a b="x] text', undefined, [{ kind: 'stage' }, { text: 'text' }]],
  ['[iscript]\nHello', '1: What begins here is never closed with [endscript].', [{}, { text: 'Hello' }]],
  ['[if exp=x]\na\n*b\nc', '1: An [if] is never closed with [endif].', [{ kind: 'if' }, { name: 'b' }, { text: 'c' }]],
  ['[else]\na', '1: There is no [if] to which this [else] belongs.', [{ text: 'a' }]],
  ['[endif]\na', '1: There is nothing open that this [endif] closes.', [{ text: 'a' }]],
  ['[link target=*a]A\n*b', '1: A link is never closed with [endlink].', [{ choices: [{ text: 'A' }] }, {}]],
  ['[endlink]\na', '1: There is no [link] that this [endlink] closes.', [{ text: 'a' }]],
  ['*\na', '1: A label needs a name.', [{ text: 'a' }]],
  ['@\na', '1: After the @ comes no name of a tag.', [{ text: 'a' }]],
  ['@jump\na', '1: A jump needs a target.', [{ text: 'a' }]],
  ['@say\na', '1: A @say needs something to be said.', [{ text: 'a' }]],
])('of the broken %j the rest is kept', (source, problem, expected) => {
  expect(problems(source)).toEqual(problem === undefined ? [] : [problem]);
  expect(parseKirikiri(source).statements).toMatchObject(expected);
});

test('a line of very many parts is read in part, and says so', () => {
  expect(problems('a[r]'.repeat(300_000))).toEqual(['1: The line has more than 250000 parts; the rest was not read.']);
});
