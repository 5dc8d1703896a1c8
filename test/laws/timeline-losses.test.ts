import { readFileSync } from 'node:fs';
import { LossCode, LossPlace, LossSeverity } from '#libs/contracts/timeline-losses';
import { PLACE_KINDS } from '#libs/timeline/interchange/losses/loss';
import { LOSS_CODES, SEVERITIES } from '#libs/timeline/interchange/losses/loss-codes';

test('the contract knows every loss that is found, and no other', () => {
  expect([...LossCode.options].sort()).toEqual(Object.keys(LOSS_CODES).sort());
  expect(LossSeverity.options).toEqual([...SEVERITIES]);
  expect(LossPlace.shape.kind.options).toEqual([...PLACE_KINDS]);
});

test('docs/timeline-losses.md says of every loss what it means', () => {
  const told = readFileSync('docs/timeline-losses.md', 'utf8').split('\n');
  const rows = told.filter((line) => /^\| `\w+` \|/.test(line));
  expect(rows).toEqual(
    Object.entries(LOSS_CODES).map(([code, [severity, meaning]]) => `| \`${code}\` | ${severity} | ${meaning} |`),
  );
});

test('no two losses mean the same', () => {
  const meanings = Object.values(LOSS_CODES).map(([, meaning]) => meaning);
  expect(new Set(meanings).size).toBe(meanings.length);
});
