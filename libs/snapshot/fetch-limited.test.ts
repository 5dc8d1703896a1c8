import { StandingClock } from '#libs/testing/snapshot-world';
import { fetchLimited } from './fetch-limited.js';

const LONG = 64 * 1024 * 1024;

/** A source that gives so many bytes each second. */
function fetching(bytesIn: (second: number) => number, limit = LONG) {
  const clock = new StandingClock();
  const start = clock.now().getTime();
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (let [second, sent] = [0, 0]; sent < limit; second++) {
      const bytes = Math.min(bytesIn(second), limit - sent);
      sent += bytes;
      yield new Uint8Array(bytes);
      clock.move(1000);
      await new Promise(setImmediate);
    }
  }
  const came = fetchLimited({ source: { open: async () => stream() }, clock }, 'file', limit, {
    requests: 0,
    bytes: 0,
  });
  return { came, seconds: () => (clock.now().getTime() - start) / 1000 };
}

test('a host that begins quickly and then drips is given up within two minutes, however long the file', async () => {
  const { came, seconds } = fetching((second) => (second === 0 ? LONG / 2 : 1));
  await expect(came).rejects.toMatchObject({ reason: 'too_slow' });
  expect(seconds()).toBeLessThanOrEqual(125);
});

test('what comes at 4 KB/s comes, though it rests for a while', async () => {
  const { came } = fetching((second) => (second % 60 < 30 ? 16_384 : 0), 4_000_000);
  expect((await came)!.length).toBe(4_000_000);
});
