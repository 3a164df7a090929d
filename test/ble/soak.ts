// A minute of bad luck for the ear, with one of the packages: see test/soak. Each has a file of its own, so that both minutes pass
// at once.
import { describe, expect, test } from 'vitest';
import type { BleStack } from '../../src/ble/orders.ts';
import { soakBle } from '../soak/ble.ts';
import { linesOf } from '../soak/outcome.ts';
import { isInstalled, named } from './installed.ts';

/** Every kind of fault comes up in its minute. */
const SEED = 7;
const SECONDS = 60;
/** The minute, the half that all units have for coming back, and a machine that stands still for most of the time. */
const LIMIT_MS = 400_000;

export function soakFor(stack: BleStack): void {
  describe.skipIf(!isInstalled(stack))(named('a minute of faults for the ear', stack), () => {
    test('no sample is wrong, torn, repeated or old, and every unit comes back', {
      timeout: LIMIT_MS,
    }, async () => {
      const outcome = await soakBle({ stack, seed: SEED, seconds: SECONDS, units: 8 });
      expect(outcome.violations, [...outcome.log, ...linesOf(outcome)].join('\n')).toEqual([]);
      expect(outcome.samples).toBeGreaterThan(0);
    });
  });
}
