import { standingAfter } from './quota.js';

const at = { cap: 20, nowMs: 1000 };
const standing = (quota: number, failures = 0) => ({ quota, failures, coolingUntilMs: null });

test('a quota doubles with success up to the cap, and halves with failure down to one', () => {
  expect(standingAfter(standing(4), 'done', at)).toMatchObject({ quota: 8 });
  expect(standingAfter(standing(16), 'done', at)).toMatchObject({ quota: 20 });
  expect(standingAfter(standing(5), 'failed', at)).toMatchObject({ quota: 2, failures: 1 });
  expect(standingAfter(standing(1), 'expired', at)).toMatchObject({ quota: 1 });
});

test('five failures in a row are a cool-off', () => {
  expect(standingAfter(standing(1, 3), 'failed', at)).toMatchObject({ failures: 4, coolingUntilMs: null });
  expect(standingAfter(standing(1, 4), 'failed', at)).toMatchObject({ failures: 0, coolingUntilMs: 601_000 });
});

test('a node that an administrator gave no quota gets none by failing or by succeeding', () => {
  for (const outcome of ['done', 'failed', 'expired'] as const)
    expect(standingAfter(standing(0), outcome, at)).toMatchObject({ quota: 0 });
});
