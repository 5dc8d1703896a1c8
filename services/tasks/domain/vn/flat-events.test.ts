import { VNEvent } from '#libs/contracts/tasks-vn';
import { flatEvents } from './flat-events.js';
import { parseScript } from './parse-script.js';
import type { Engine } from './script.js';

const events = (engine: Engine, source: string) =>
  flatEvents(parseScript(engine, source)).map((event) => VNEvent.parse(event));

/** The events as the first clients knew them. */
const known = (engine: Engine, source: string) =>
  events(engine, source).map((event): object => {
    switch (event.type) {
      case 'LABEL':
        return { type: event.type, name: event.name };
      case 'SAY':
        return { type: event.type, speaker: event.speaker, text: event.text };
      case 'CHOICE':
        return { type: event.type, choices: event.choices.map(({ text }) => ({ text })) };
      case 'JUMP':
        return { type: event.type, target: event.target };
      case 'NARRATION':
      case 'TEXT':
        return { type: event.type, text: event.text };
    }
  });

const choice = (...texts: string[]) => ({ type: 'CHOICE', choices: texts.map((text) => ({ text })) });
const LABEL = (name: string) => ({ type: 'LABEL', name });
const SAY = (speaker: string, text: string) => ({ type: 'SAY', speaker, text });
const NARRATION = (text: string) => ({ type: 'NARRATION', text });
const TEXT = (text: string) => ({ type: 'TEXT', text });
const JUMP = (target: string) => ({ type: 'JUMP', target });

describe('what line-by-line reading got right is the same', () => {
  test.each([
    ['label start:', [LABEL('start')]],
    ['label end (x):', [LABEL('end (x)')]],
    ['# nothing\n\n   \n"It is late."', [NARRATION('It is late.')]],
    ['e "Hello"', [SAY('e', 'Hello')]],
    ['e happy "Hello"', [SAY('e happy', 'Hello')]],
    ['    e "Two  spaces."', [SAY('e', 'Two  spaces.')]],
    ['jump end', [JUMP('end')]],
    ['jump expression where', [JUMP('expression where')]],
    ['menu:\n    "A":\n        jump a', [choice('A'), JUMP('a')]],
    ['menu:\n    "A":\n    "B":', [choice('A', 'B')]],
    ['menu:\n"A":\n"B":\n"After."', [choice('A', 'B'), NARRATION('After.')]],
    ['scene bg\nshow e\n$ x = 1\ncall sub\nreturn\nwith fade\ndefine e = 1', []],
    ['"He said "hi" to me"', [NARRATION('He said "hi" to me')]],
  ])('Ren’Py: %j', (source, expected) => {
    expect(known('RENPY', source)).toEqual(expected);
  });

  test.each([
    ['; nothing\n\n*start', [LABEL('start')]],
    ['*start|Title', [LABEL('start|Title')]],
    ['@say Alice Hello there', [SAY('Alice', 'Hello there')]],
    ['@say Hello', [NARRATION('Hello')]],
    ['@jump *end', [JUMP('*end')]],
    ['It is late.\nVery late.', [TEXT('It is late.'), TEXT('Very late.')]],
  ])('KiriKiri: %j', (source, expected) => {
    expect(known('KIRIKIRI', source)).toEqual(expected);
  });
});

describe('what it got wrong is put right', () => {
  test.each([
    ['menu:\n    "What now?"\n    "A":\n        pass', [NARRATION('What now?'), choice('A')]],
    ['menu:\n    e "What?"\n    "A":\n        pass', [SAY('e', 'What?'), choice('A')]],
    [
      'menu:\n    "A":\n        e "So."\n    "B":\n        jump b\ne "End."',
      [choice('A', 'B'), SAY('e', 'So.'), JUMP('b'), SAY('e', 'End.')],
    ],
    ['menu:\n    "Opt" if cond:\n        pass', [choice('Opt')]],
    ['menu where:\n    "A":\n        pass', [LABEL('where'), choice('A')]],
    ['e "x" with dissolve', [SAY('e', 'x')]],
    ['"Bob" "text"', [SAY('Bob', 'text')]],
    ['e "a \\"b\\" \\n c"', [SAY('e', 'a "b" \n c')]],
    ['play music "x.ogg"\n$ a = "b"\nshow text "c"\ndefine e = Character("E")', []],
    ['if x:\n    e "in"\nelse:\n    jump y', [SAY('e', 'in'), JUMP('y')]],
  ])('Ren’Py: %j', (source, expected) => {
    expect(known('RENPY', source)).toEqual(expected);
  });

  test.each([
    ['@jump target=*end', [JUMP('end')]],
    ['[cm]\n@bg storage=a.jpg\n#\n', []],
    ['#Alice\nHello[l][r]\n#\nQuiet.', [SAY('Alice', 'Hello'), TEXT('Quiet.')]],
    ['@SAY Alice Hello', [SAY('Alice', 'Hello')]],
    ['[link target=*a]A[endlink][r][link target=*b]B[endlink][s]', [choice('A', 'B')]],
  ])('KiriKiri: %j', (source, expected) => {
    expect(known('KIRIKIRI', source)).toEqual(expected);
  });
});

test('the parts are in fields of their own, and every event has its line', () => {
  expect(
    events('RENPY', 'label end(x):\n    e happy "Hi"\n    menu:\n        "A" if x > 1:\n            jump .b'),
  ).toEqual([
    { type: 'LABEL', name: 'end(x)', label: 'end', line: 1 },
    { type: 'SAY', speaker: 'e happy', text: 'Hi', character: 'e', attributes: ['happy'], line: 2 },
    { type: 'CHOICE', choices: [{ text: 'A', target: 'end.b', condition: 'x > 1', line: 4 }], line: 3 },
    { type: 'JUMP', target: '.b', label: 'end.b', line: 5 },
  ]);
  expect(events('KIRIKIRI', '*a|T\n@link target=*b storage=c.ks\nGo\n@endlink\n@jump storage=c.ks cond=f.x')).toEqual([
    { type: 'LABEL', name: 'a|T', label: 'a', caption: 'T', line: 1 },
    { type: 'CHOICE', choices: [{ text: 'Go', target: 'b', storage: 'c.ks', line: 2 }], line: 2 },
    { type: 'JUMP', target: 'c.ks', storage: 'c.ks', condition: 'f.x', line: 5 },
  ]);
});
