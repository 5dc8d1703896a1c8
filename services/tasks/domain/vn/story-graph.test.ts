import { parseScript } from './parse-script.js';
import type { Engine } from './script.js';
import { storyGraph } from './story-graph.js';

function drawn(engine: Engine, source: string) {
  const script = parseScript(engine, source);
  expect(script.problems).toEqual([]);
  const { nodes, edges, problems } = storyGraph(script);
  return {
    nodes: nodes.map(({ name, reachable }) => (reachable ? name : `(${name})`)),
    edges: edges.map(({ from, to, kind, text, condition }) =>
      [from, kind, to, text && `"${text}"`, condition && `if ${condition}`].filter(Boolean).join(' '),
    ),
    problems: problems.map(({ line, message }) => `${line}: ${message}`),
  };
}

test('jumps, calls, choices and merely going on are ways from label to label', () => {
  const source = `
label lost:
    "Nobody comes here."
    return
label start:
    call intro
    menu:
        "Go in" if brave:
            "Creak."
            jump hall
        "Wait":
            "Tick."
    if late:
        jump hall
    else:
        "Tock."
label garden:
    "Roses."
    jump nowhere
label intro:
    return
label hall:
    jump expression where
`;
  expect(drawn('RENPY', source)).toEqual({
    nodes: ['(lost)', 'start', 'garden', 'intro', 'hall'],
    edges: [
      'start call intro',
      'start choice hall "Go in" if brave',
      'start choice hall "Wait" if late',
      'start choice garden "Wait"',
    ],
    problems: ['2: Nothing leads to the label lost.', '19: There is no label nowhere in this script.'],
  });
});

test('a label inside a menu is a place like any other', () => {
  const source =
    'label start:\n    menu again:\n        "Ask":\n            jump again\n        "Go":\n            pass\nlabel end:\n    return';
  expect(drawn('RENPY', source)).toEqual({
    nodes: ['start', 'again', 'end'],
    edges: ['start next again', 'again choice again "Ask"', 'again choice end "Go"'],
    problems: [],
  });
});

test('in KiriKiri links lead away, [s] stops, and other files are not looked into', () => {
  const source = `Before.
*start
[link target=*a cond=f.x]A[endlink][link target=*gone]B[endlink][link storage=two.ks target=*c]C[endlink]
[s]
*a
[jump target=*start cond=f.again]
*b
[jump storage=two.ks]
*c
*b
`;
  expect(drawn('KIRIKIRI', source)).toEqual({
    nodes: ['', 'start', 'a', 'b', '(c)'],
    edges: ['next start', 'start choice a "A" if f.x', 'a jump start if f.again', 'a next b', 'c next b'],
    problems: [
      '3: There is no label gone in this script.',
      '9: Nothing leads to the label c.',
      '10: The label b is there more than once.',
    ],
  });
});

test('a story with very many ways is drawn in part, and says so', () => {
  const choices = Array.from({ length: 1000 }, (_, at) => `    "${at}":\n        label l${at}:\n            pass`).join(
    '\n',
  );
  const source = `label start:\nmenu:\n${choices}\nmenu:\n${choices.replace(/label l\d+:/g, 'if x:')}\nlabel end:`;
  const { edges, problems } = storyGraph(parseScript('RENPY', source));
  expect(edges.length).toBeLessThanOrEqual(300_000);
  expect(problems.map(({ message }) => message)).toContain('The story has so many ways that only a part is drawn.');
});
