import type { Guard } from './guards.js';
import { simulate, USUAL } from './simulate.js';

const SHORT = { ...USUAL, stormMs: 60_000 };

test('replicas die, answers are lost, nodes lie and sleep, and no promise is broken', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const history = await simulate(seed, SHORT);
    expect(history).toMatchObject({ seed, violations: [] });
    expect(history.acknowledged).toBeGreaterThan(20);
  }
});

test('what is read late of a site does not outlive what was read after it', async () => {
  expect(await simulate(627, USUAL)).toMatchObject({ violations: [] });
});

test('one seed is one history', async () => {
  expect(await simulate(77, SHORT)).toEqual(await simulate(77, SHORT));
  expect((await simulate(78, SHORT)).print).not.toBe((await simulate(77, SHORT)).print);
});

/** Guards whose loss breaks a promise by itself; for the others a second guard stands behind them, which is shown in SQL. */
const ALONE: Guard[] = [
  'claim: site open',
  'claim: not blocked',
  'claim: owned here',
  'claim: job queued',
  'claim: one lease a job',
  'claim: workers per site',
  'claim: epoch goes up',
  'claim: quarantine',
  'settle: epoch',
  'settle: node',
  'settle: job',
  'settle: not expired',
  'settle: cursor version',
  'settle: cursor forward',
  'settle: all or nothing',
  'lapse: over',
  'revoke: ends the lease',
];

test.each(ALONE)('without one guard a promise is broken, and the oracle says so: %s', async (guard) => {
  let violations: readonly string[] = [];
  for (let seed = 1; seed <= 20 && violations.length === 0; seed++)
    ({ violations } = await simulate(seed, { ...USUAL, stormMs: 120_000 }, [guard]));
  expect(violations).not.toEqual([]);
});
