import fc from 'fast-check';
import { AppError } from '#libs/errors/app-error';
import { Budget } from './budget.js';
import { firstFound, pattern, replaced } from './pattern.js';

const replace = (source: string, text: string, by: string, syntax: 're2' | 'net' = 'net') =>
  replaced(pattern(source, syntax), text, { by, budget: new Budget(), longest: 20_000 });

test.each([
  ['looks ahead', '\\bWEB\\b(?![-_. ]?DL)', 'A WEB 1 WEB-DL', 'WEB-DL', 'A WEB-DL 1 WEB-DL'],
  ['looks behind', '(?i)\\b(?<!Full )HD\\b', 'full hd, HD', '720p', 'full hd, 720p'],
  ['looks behind over any length', '(?<=^\\w+ )x', 'abc x x', 'y', 'abc y x'],
  ['knows words of every script', '\\bсезон (\\d+)\\b', 'второй сезон 2!', 'S$1', 'второй S2!'],
  ['knows what is no word in a set', '[А-Яа-я\\W]+', 'Дом / House', '', 'House'],
  ['refers back', '(\\w)\\1', 'aabbcd', '<$1>', '<a><b>cd'],
  ['names groups', '(?<y>\\d{4})-(\\d\\d)', '2020-05', '$1/${y}', '05/2020'],
  ['gives nothing back from a whole', '(?>a+)ab', 'aaab', 'x', 'aaab'],
  ['is lazy where it is told', '<.+?>', '<a><b>', '', ''],
  ['counts', '(?:ab){2,3}', 'abababab', 'x', 'xab'],
  ['ignores case from where it is told', 'a(?i:b)c', 'aBc aBC', 'x', 'x aBC'],
  ['takes away from a set', '[a-z-[aeiou]]+', 'hello', '.', '.e.o'],
  ['finds nothing without end', 'x*', 'axb', '-', '-a--b-'],
  ['knows blocks of characters', '\\p{IsCJKUnifiedIdeographs}+', '漢字 ok', '', ' ok'],
  ['chooses in order', 'a|ab', 'ab', 'x', 'xb'],
  ['knows lines', '(?m)^(\\w)', 'a\nb', '$$$1', '$a\n$b'],
])('a pattern that %s', (_name, source, text, by, expected) => {
  expect(replace(source, text, by)).toBe(expected);
});

test('both kinds of patterns agree on what both know', () => {
  const sources = ['(a+)(b*)', '^\\s*(\\d+)\\s*x', 'c$', '[^a-c]+', '(?:foo|fo)o?', 'a{2,}?', '\\.(mkv|avi)', '(?i)web[ -]?dl', '(x)?y'];
  const texts = ['aabb ab', ' 12 x', 'abc', 'fooo', 'aaaa', 'f.mkv.avi', 'Web-DL WEBDL', 'xy y', '', 'ß€', 'a\nc'];
  for (const source of sources)
    for (const text of texts) expect(replace(source, text, '[$1]')).toBe(replace(source, text, '[$1]', 're2'));
}); // prettier-ignore

test.each(['(a*)*b', '(a|aa)+$', '(?:a?){30}a{30}c', '(.*)(.*)(.*)(.*)(.*)x', '(?=(a+)+b)'])(
  'the pattern %s ends by its budget on what it was never meant for',
  (source) => {
    const search = () => firstFound(pattern(source, 'net'), 'a'.repeat(5000), new Budget(200_000));
    expect(search).toThrow(/steps|deep/);
  },
);

test.each(['(', ')', '[a', '*a', 'a**', '(?(a)b)', '\\p{Nothing}', '\\p{constructor}', '\\k<no>', '(?<=a', '\\'])(
  'what is no pattern is refused: %s',
  (source) => {
    expect(() => pattern(source, 'net')).toThrow('cannot be used');
  },
);

test('whatever is given as a pattern is used or refused, and ends', () => {
  const piece = fc.constantFrom(...'ab(|)[]{2,3}*+?^$.\\-:=!<>dwsbBpLi1 #'.split(''), '(?:', '(?=', '(?<!', '(?i)', '[^', '\\w', '{0,9}');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), fc.string({ maxLength: 40 }), (pieces, text) => {
      try {
        replaced(pattern(pieces.join(''), 'net'), text, { by: '$1', budget: new Budget(20_000), longest: 20_000 });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
}); // prettier-ignore

test('a linear pattern that reads on to the end at every find pays for it', () => {
  const all = (length: number) => [...pattern('x.*y|x').all('x'.repeat(length), new Budget())].length;
  expect(all(100)).toBe(100);
  for (const length of [18_000, 200_000]) expect(() => all(length)).toThrow(/steps/);
});

test('a linear pattern that reads each place once costs the same however often it finds something', () => {
  const cost = (text: string) => {
    const budget = new Budget();
    for (const found of pattern('<[a-z]+>').all(text, budget)) expect(found.group(0)).toBe('<wbr>');
    return budget.spent;
  };
  expect(cost('<wbr>words '.repeat(1000))).toBeLessThan(cost('[wbr]words '.repeat(1000)) * 3);
});

test('what is put in is paid for, and no more than may stay is made', () => {
  const budget = new Budget();
  expect(replaced(pattern('a'), 'a'.repeat(1000), { by: 'b'.repeat(1000), budget, longest: 20_000 })).toHaveLength(20_000 + 980);
  expect(() => replaced(pattern('a+'), 'a'.repeat(20_000), { by: '$0'.repeat(4000), budget: new Budget(), longest: 20_000 })).toThrow(/steps/);
}); // prettier-ignore

test('a set with many members costs what asking it takes', () => {
  const set = Array.from({ length: 1900 }, (_, at) => String.fromCharCode(0x4e00 + at * 2)).join('');
  const cost = (source: string) => {
    const budget = new Budget();
    firstFound(pattern(source, 'net'), 'b'.repeat(1000), budget);
    return budget.spent;
  };
  expect(replace(`[${set}a-y\\d]+`, 'b\u4e007z', '')).toBe('z');
  expect(cost(`(?i)[${set}]`)).toBeGreaterThan(cost('[a]') * 4);
});
