import { firstFree, slug } from './fork-branch-name.js';
import { forkName } from './fork-name.js';
import { maskEmail, nickname } from './nickname.js';

test.each([
  ['Other / Ünï 名 User!!', 'other___ünï_名_user'],
  ['__x__', 'x'],
  ['!!!', 'user'],
  ['', 'user'],
  ['A-b_c 9', 'a-b_c_9'],
])('the nickname %j becomes the branch part %j', (name, expected) => {
  expect(slug(name)).toBe(expected);
});

test('a taken name gets the first free number', () => {
  expect(firstFree('fork/ada', new Set())).toBe('fork/ada');
  expect(firstFree('fork/ada', new Set(['fork/ada', 'fork/ada_1']))).toBe('fork/ada_2');
});

test('a name never grows beyond what can be asked for, and is not cut inside a character', () => {
  const longest = `${'x'.repeat(249)}\u{1F3AC}`;
  expect(firstFree(longest, new Set())).toBe(longest);
  expect(firstFree(longest, new Set([longest]))).toBe(`${'x'.repeat(248)}_1`);
  expect(firstFree(longest, new Set([longest, `${'x'.repeat(248)}_1`]))).toBe(`${'x'.repeat(248)}_2`);
  expect([...forkName('\u{1F3AC}'.repeat(500))]).toHaveLength(500);
  expect(forkName('Film')).toBe('Fork of Film');
});

test('a person without a name is called by the first part of the address', () => {
  expect(nickname({ full_name: '  ', email: 'ada@example.org' })).toBe('ada');
  expect(nickname({ full_name: ' Ada L ', email: 'x@example.org' })).toBe('Ada L');
});

test('a masked address gives neither the person nor the provider away', () => {
  expect(maskEmail('ada@example.org')).toBe('a***@***');
});
