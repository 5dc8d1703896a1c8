import { parsePreview } from '#libs/contracts/tasks-vn';
import { runServices, type RunningServices } from '#libs/testing/running';
import { tasks } from '../service.js';

let running: RunningServices;
beforeAll(async () => (running = await runServices([tasks])));
afterAll(() => running.close());

const preview = (input: object) => running.broker.call(parsePreview, input as never);

test('a script is read at once, and what is broken in it is told', async () => {
  const script_text =
    'label start:\n    e "Hi" with fade\n    menu:\n        "Go":\n            jump end\n    wibble\n';
  expect(await preview({ engine: 'RENPY', script_text })).toEqual({
    engine: 'RENPY',
    events: [
      { type: 'LABEL', name: 'start', line: 1 },
      { type: 'SAY', speaker: 'e', text: 'Hi', line: 2 },
      { type: 'CHOICE', choices: [{ text: 'Go', target: 'end', line: 4 }], line: 3 },
      { type: 'JUMP', target: 'end', line: 5 },
    ],
    problems: [{ line: 6, message: 'The statement is not understood: wibble' }],
  });
  expect(await preview({ engine: 'KIRIKIRI', script_text: '*start|第一章\n#爱丽丝\n你好。[p]' })).toEqual({
    engine: 'KIRIKIRI',
    events: [
      { type: 'LABEL', name: 'start|第一章', label: 'start', caption: '第一章', line: 1 },
      { type: 'SAY', speaker: '爱丽丝', text: '你好。', line: 3 },
    ],
    problems: [],
  });
});

test('a script of blanks, of another engine or beyond ten million characters is refused', async () => {
  for (const script_text of ['', ' \n\t\n'])
    await expect(preview({ engine: 'RENPY', script_text })).rejects.toMatchObject({
      code: 'invalid',
      message: 'script_text is required',
    });
  await expect(preview({ engine: 'renpy', script_text: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(preview({ engine: 'RENPY', script_text: 'x'.repeat(10_000_001) })).rejects.toMatchObject({
    code: 'invalid',
  });
});

test('ten million characters are read within the time of a request', async () => {
  const { events, problems } = await preview({ engine: 'KIRIKIRI', script_text: 'ab\n'.repeat(3_333_333) });
  expect(events).toHaveLength(200_000);
  expect(problems).toEqual([
    { line: 200_001, message: 'The script has more than 200000 statements; the rest was not read.' },
  ]);
});
