// Two hours of bad luck below the heads of the gateway: see the folder. One seed for each run of the tests, more by hand.
import { expect, test } from 'vitest';
import { soakAccelerated } from './accelerated.ts';
import { fastFaults } from './fast-plan.ts';

test('two hours of faults: nothing wrong, torn, old without a sign or missing on any wire', {
  timeout: 300_000,
}, () => {
  const outcome = soakAccelerated(7, 2);
  expect(outcome.violations).toEqual([]);
  expect(
    Object.keys(fastFaults).filter(
      (kind) => !Object.entries(outcome.faults).some(([k, n]) => k === kind && n > 0),
    ),
  ).toEqual([]);
  expect(outcome.line.answered).toBeGreaterThan(10_000);
  expect(outcome.line.damagedWrites).toBeGreaterThan(500);
  expect(outcome.can.beats).toBeGreaterThan(3000);
});
