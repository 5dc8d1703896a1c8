import fc from 'fast-check';
import { parseExact } from './exact-json.js';
import { holdsUnread, jsonOf, readBesides, unreadObject, UnreadJson } from './unread-json.js';

const DEEP = 500;
const LONG = 'x'.repeat(70_000);
const field = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
const body = fc.record({ before: fc.jsonValue(), film: field, name: fc.string(), indent: fc.nat(3) });

/** A body of which the film is long. */
const written = ({ before, film, name, indent }: typeof body extends fc.Arbitrary<infer Sent> ? Sent : never): string =>
  JSON.stringify({ before, film: { ...film, LONG }, [`${name}.`]: name }, null, indent);

test('a body of which a long field is passed on unread says what it said, to the byte of that field', () => {
  fc.assert(
    fc.property(body, (sent) => {
      const text = written(sent);
      const read = readBesides('film', text, DEEP);
      expect(read?.film).toBeInstanceOf(UnreadJson);
      expect(text).toContain((read!.film as UnreadJson).text);
      expect(parseExact(jsonOf(read))).toEqual(parseExact(text));
      expect(parseExact(jsonOf({ whole: unreadObject(text, DEEP) }))).toEqual({ whole: parseExact(text) });
    }),
  );
});

test('whatever somebody writes into a field that is passed on unread, he never writes anything outside of it', () => {
  const spoilt = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    put: fc.constantFrom(...'{}[]",:\\1t \n'),
  });
  fc.assert(
    fc.property(body, fc.array(spoilt, { minLength: 1, maxLength: 3 }), (sent, faults) => {
      let text = written(sent).replace(LONG, '');
      for (const { at, put } of faults) {
        const place = Math.floor(at * text.length);
        text = text.slice(0, place) + put + text.slice(place + (at > 0.5 ? 1 : 0));
      }
      text = text.replace('"LONG"', `"${LONG}"`);
      const read = readBesides('film', text, DEEP);
      if (!read) return;
      const carried = jsonOf({ ...read, caller: 'ada' });
      const whole = attempt(text);
      expect(attempt(carried)).toEqual(whole && { ...(whole as object), caller: 'ada' });
    }),
    { numRuns: 1000 },
  );
});

test('what is short, is no object, has a fault outside of the long field, or nests too deep, is left to be read', () => {
  const film = JSON.stringify({ LONG });
  expect(readBesides('film', `{"film":{"a":1}}`, DEEP)).toBeUndefined();
  expect(readBesides('film', `[${film}]`, DEEP)).toBeUndefined();
  expect(readBesides('film', `{"film":"${LONG}"}`, DEEP)).toBeUndefined();
  for (const fault of [`"a":01`, `"a":`, `a:1`, `"__proto__":1`, `"a":1,`, `"a":1}{`])
    expect(readBesides('film', `{"film":${film},${fault}}`, DEEP)).toBeUndefined();
  const nested = (levels: number) => `{"film":{"a":${'['.repeat(levels)}${']'.repeat(levels)},"b":"${LONG}"}}`;
  expect(readBesides('film', nested(498), DEEP)).toBeDefined();
  expect(readBesides('film', nested(499), DEEP)).toBeUndefined();
  expect(unreadObject(nested(498), DEEP)).toBeDefined();
  expect(unreadObject(nested(499), DEEP)).toBeUndefined();
  expect(unreadObject(`${film} x`, DEEP)).toBeUndefined();
});

test('of two fields of one name the last counts, and what is not there is not written', () => {
  const film = (name: string) => `{"name":"${name}","long":"${LONG}"}`;
  const read = readBesides('film', `{"film":${film('first')},"film":${film('last')}}`, DEEP);
  expect((read!.film as UnreadJson).text).toBe(film('last'));
  expect(jsonOf({ a: undefined, b: 1, c: new UnreadJson('{}') })).toBe('{"b":1,"c":{}}');
  expect([holdsUnread({ a: {} }), holdsUnread(null), holdsUnread([new UnreadJson('{}')])]).toEqual([
    false,
    false,
    false,
  ]);
});

function attempt(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}
