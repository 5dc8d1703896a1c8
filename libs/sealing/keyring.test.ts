import { randomBytes } from 'node:crypto';
import { readConfig } from '#libs/config/read-config';
import { Keyring } from './keyring.js';
import { openKeyring, SealingConfig } from './sealing-config.js';

const key = (id: string) => ({ id, key: randomBytes(32) });
const failure = { code: 'internal' };

test('a sealed secret opens in its place, and shows nothing of itself', () => {
  const ring = new Keyring([key('2026')]);
  const sealed = ring.seal('whsec_gruß', 'webhooks.secret:1');
  expect(sealed).toMatch(/^v1\.2026\.[\w-]+$/);
  expect(sealed).not.toContain('whsec');
  expect(ring.open(sealed, 'webhooks.secret:1')).toBe('whsec_gruß');
  expect(ring.seal('whsec_gruß', 'webhooks.secret:1')).not.toBe(sealed);
});

test('it opens in no other place, under no other key, and not when it was touched', () => {
  const own = key('a');
  const ring = new Keyring([own]);
  const sealed = ring.seal('secret', 'remotes.token:1');
  expect(() => ring.open(sealed, 'remotes.token:2')).toThrow(expect.objectContaining(failure));
  expect(() => new Keyring([key('a')]).open(sealed, 'remotes.token:1')).toThrow(expect.objectContaining(failure));
  expect(() => new Keyring([key('b')]).open(sealed, 'remotes.token:1')).toThrow(/SEALING_KEYS/);
  const renamed = new Keyring([{ id: 'b', key: own.key }]);
  expect(() => renamed.open(sealed.replace('v1.a.', 'v1.b.'), 'remotes.token:1')).toThrow(/changed/);
  for (const place of [5, 25, sealed.length - 3])
    expect(() => ring.open(flip(sealed, place), 'remotes.token:1')).toThrow(expect.objectContaining(failure));
  for (const odd of ['', 'v1', 'v1.a.', 'v2.a.AAAA', sealed.slice(0, 20)])
    expect(() => ring.open(odd, 'remotes.token:1')).toThrow(expect.objectContaining(failure));
});

test('a new key in front seals from then on; what the old one sealed opens, and can be sealed again', () => {
  const [old, young] = [key('old'), key('young')];
  const sealed = new Keyring([old]).seal('secret', 'here');
  const ring = new Keyring([young, old]);
  expect(ring.open(sealed, 'here')).toBe('secret');
  expect(ring.isCurrent(sealed)).toBe(false);
  const again = ring.reseal(sealed, 'here');
  expect(ring.isCurrent(again)).toBe(true);
  expect(ring.reseal(again, 'here')).toBe(again);
  expect(new Keyring([young]).open(again, 'here')).toBe('secret');
});

test('SEALING_KEYS are read in order; local mode does without, cloud mode does not', () => {
  const [one, two] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64url')];
  const config = readConfig(SealingConfig, { SEALING_KEYS: `b:${two}, a:${one}` });
  expect(config.SEALING_KEYS?.map(({ id, key }) => [id, key.length])).toEqual([
    ['b', 32],
    ['a', 32],
  ]);
  expect(openKeyring(config).seal('x', 'y')).toMatch(/^v1\.b\./);
  const local = openKeyring({ ...readConfig(SealingConfig, {}), SECRET_KEY: 'k' });
  expect(openKeyring({ SECRET_KEY: 'k' }).open(local.seal('x', 'y'), 'y')).toBe('x');
  expect(openKeyring({ ...config, SECRET_KEY: 'k' }).open(local.seal('x', 'y'), 'y')).toBe('x');
  expect(() => openKeyring({})).toThrow(/SEALING_KEYS/);
  expect(() => readConfig(SealingConfig, { APP_MODE: 'cloud' })).toThrow(/SEALING_KEYS: is required/);
  for (const wrong of ['a', 'a:short', `a:${one},a:${two}`, `a:${Buffer.alloc(32).toString('base64')}`, `:${one}`])
    expect(() => readConfig(SealingConfig, { SEALING_KEYS: wrong })).toThrow(/SEALING_KEYS/);
});

function flip(text: string, place: number): string {
  return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
}
