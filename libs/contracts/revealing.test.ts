import { isRevealing, isRevealingTitle } from './revealing.js';

test('a name of a work may speak of cookies and addresses, and hold no secret', () => {
  for (const title of [
    'Fortune Cookie: The Movie',
    'Milk & Cookies',
    'Smart Cookies',
    '秘密結社 ～http://鷹の爪.jpは永遠に～',
  ])
    expect([title, isRevealingTitle(title)]).toEqual([title, false]);
  for (const title of [
    'Cookie: uid=7; pass=abc',
    'cookie=abc',
    'https://site.example/details.php?id=7',
    'https://user:secret@site.example',
    'Frieren passkey=abc',
    'magnet:?xt=urn:btih:abc',
    '0123456789abcdef0123456789abcdef',
  ])
    expect([title, isRevealingTitle(title)]).toEqual([title, true]);
});

test('of any other text the word alone is too much', () => {
  expect(isRevealing('my cookie')).toBe(true);
  expect(isRevealing('page 7')).toBe(false);
});

test('a text of any length is looked at in one go: looked at again at each word, this one would take minutes', () => {
  expect(isRevealingTitle('cookie:'.repeat(400_000))).toBe(false);
});
