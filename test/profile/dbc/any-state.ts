import fc from 'fast-check';
import { alarmNames, errorNames, faultNames } from '../../../src/model/alarms.ts';
import {
  keyOf,
  type SignalName,
  type SignalValues,
  signalNames,
  signalSpec,
  signals,
} from '../../../src/model/signals.ts';
import { plausibleRange } from '../../../src/profile/plausible.ts';
import { between } from '../../between.ts';

/** Twice as wide as anything plausible, so that edges and clamps are met. */
function value(name: SignalName): fc.Arbitrary<number> {
  const [low, high] = plausibleRange(name);
  const wide = between(low - (high - low) / 2, high + (high - low) / 2);
  // What has no unit is counted.
  return signalSpec(name).unit === undefined
    ? fc.integer({ min: 0, max: high * 2 })
    : fc.oneof({ weight: 8, arbitrary: wide }, { weight: 1, arbitrary: fc.constantFrom(0, low, high) });
}

function any(name: SignalName): fc.Arbitrary<unknown> {
  switch (signals[name].kind) {
    case 'number':
      return value(name);
    case 'numbers':
      return fc.array(value(name), { maxLength: 32 });
    case 'flag':
      return fc.boolean();
    case 'text':
      return fc.string({ maxLength: 20 });
    case 'alarms':
      return fc.subarray([...alarmNames]);
    case 'faults':
      return fc.subarray([...faultNames]);
    case 'errors':
      return fc.subarray([...errorNames]);
    case 'freshness':
      return fc.constantFrom('fresh', 'late', 'stale', 'lost');
    case 'status':
      return fc.constantFrom('sleep', 'charge', 'discharge', 'idle');
  }
}

const all = Object.fromEntries(signalNames.map((name) => [keyOf(name), any(name)]));
const keys = signalNames.map(keyOf);

/** Everything is known, or nearly everything. */
export const anyState: fc.Arbitrary<SignalValues> = fc
  .tuple(fc.record(all), fc.oneof(fc.constant([]), fc.subarray(keys, { maxLength: 5 })))
  .map(
    ([state, unknown]) =>
      // Made from the catalogue, name by name.
      Object.fromEntries(
        Object.entries(state).filter(([key]) => !unknown.some((k) => k === key)),
      ) as SignalValues,
  );
