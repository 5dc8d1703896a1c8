import fc from 'fast-check';
import { isRevealing } from '#libs/contracts/revealing';
import { excerpt, withheld, withheldIn } from './withheld.js';

const SECRETS = [
  'https://tracker.example/download.php?id=7&passkey=0123456789abcdef0123456789abcdef',
  'passkey: s3cr3t-of-somebody',
  '"authkey"="s3cr3t-of-somebody"',
  'torrent_id=991',
  'Set-Cookie: uid=7; pass=s3cr3t-of-somebody',
  'magnet:?xt=urn:btih:s3cr3t-of-somebody',
  '0123456789abcdef0123456789abcdef01234567',
];
const TOLD = /s3cr3t|0123456789abcdef|991|tracker\.example/;

test.each(SECRETS)('what must not be told is left out of a report: %s', (secret) => {
  const report = withheld(`Page 3 failed: ${secret}`);
  expect(report).toMatch(/^Page 3 failed: /);
  expect(report).not.toMatch(TOLD);
  expect(isRevealing(report)).toBe(false);
});

test('however secrets and words are mixed, nothing is left that looks like one', () => {
  const piece = fc.oneof(fc.constantFrom(...SECRETS), fc.string(), fc.constantFrom(' ', '\n', '\t', '='));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => !isRevealing(withheld(pieces.join('')))),
    { numRuns: 2000 },
  );
});

test('a long report is cut between two words, so that no half of a key is left', () => {
  const report = `${'x '.repeat(40)}${SECRETS[6]!} and more`;
  for (let most = 1; most < report.length; most++) expect(excerpt(report, most)).not.toMatch(TOLD);
  expect(excerpt('a b c d', 4)).toBe('a b');
  expect(excerpt('abcdefgh', 4)).toBe('[withheld]');
  expect(excerpt('abcd', 4)).toBe('abcd');
});

test('an ordinary report is kept word for word', () => {
  const report = 'Login failed (403) on page 12:\n  expected <table class="torrents">, got 2.1 kB of nothing';
  expect(withheld(report)).toBe(report);
});

test('of what a worker can do, names stay and secrets go', () => {
  const capabilities = { sites: ['hdsite'], browser: true, cookies: true, can: ['cookies'], retries: 3 };
  expect(withheldIn(capabilities)).toEqual(capabilities);
  const careless = {
    passkey: 'abc',
    cookie: { uid: 7 },
    note: SECRETS[0],
    [SECRETS[6]!]: 1,
    deep: [{ at: SECRETS[5] }],
  };
  const kept = withheldIn(careless);
  expect(JSON.stringify(kept)).not.toMatch(TOLD);
  expect(kept).toMatchObject({ passkey: '[withheld]', cookie: '[withheld]', note: '[withheld]' });
});
