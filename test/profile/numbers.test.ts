import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shapes, type Wire } from '../../src/bytes/field.ts';
import { keyOf, type SignalName, signalNames, signalSpec } from '../../src/model/signals.ts';
import type { Moment } from '../../src/profile/condition.ts';
import { compileLayout } from '../../src/profile/encode.ts';
import type { NumberSlot, Slot } from '../../src/profile/layout.ts';
import { invalidRaw, numberWriter, readNumber } from '../../src/profile/number.ts';
import { asTold } from '../../src/profile/told.ts';
import { between } from '../between.ts';
import { shipped, shippedIds } from './profiles.ts';

const slotOf = (given: Partial<NumberSlot> & Pick<NumberSlot, 'from' | 'as'>): NumberSlot => ({
  kind: 'number',
  path: [],
  at: 0,
  scale: 1,
  offset: 0,
  required: true,
  ...given,
});

/** What an inverter reads after we wrote `value`. */
function roundTrip(slot: NumberSlot, value: number | undefined): number | undefined {
  const bytes = new Uint8Array(slot.at + 8);
  numberWriter(slot)(bytes, value === undefined ? {} : momentOf(slot, value));
  return readNumber(slot, bytes);
}

/** A state in which this slot has the value: in its row, and in its direction. */
function momentOf({ from, index, half }: NumberSlot, value: number): Moment {
  const own = half === 'discharge' ? -value : value;
  return { [keyOf(from)]: index === undefined ? own : Array.from({ length: index + 1 }, () => own) };
}

const numberSlots = shippedIds.flatMap((id) => {
  const { can, modbus } = shipped(id);
  return [...(can?.layouts ?? []), ...(modbus?.layouts ?? [])].flatMap((layout) =>
    layout.slots
      .filter((slot: Slot): slot is NumberSlot => slot.kind === 'number')
      // What is told in place of the number is another matter.
      .map(({ instead: _, ...slot }) => slot),
  );
});

/** Any value that the field can hold. */
const holdable = (slot: NumberSlot) => {
  const { min, max } = shapes[slot.as];
  const ends = [min, max].map((raw) => raw * slot.scale + slot.offset).sort((a, b) => a - b);
  const [low = 0, high = 0] = ends;
  const percent = signalSpec(slot.from).unit === '%';
  return between(
    Math.max(percent || slot.half ? 0 : low, slot.min ?? low, slot.zero_raw ? slot.scale : low),
    Math.min(percent ? 100 : slot.modulo ? slot.modulo - 1 : high, slot.max ?? high),
  );
};

describe.each(numberSlots.map((slot) => [`${slot.path.join('.')} ${slot.from}`, slot] as const))(
  '%s',
  (_, slot) => {
    test('comes back within one count, and a limit never comes back unsafe', () => {
      const { limit } = signalSpec(slot.from);
      fc.assert(
        fc.property(holdable(slot), (value) => {
          const back = roundTrip(slot, value) ?? Number.NaN;
          const dust = Math.max(Math.abs(slot.scale) * 1e-5, Math.abs(value) * Number.EPSILON * 8);
          expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.abs(slot.scale) + dust);
          if (limit === 'max') expect(back).toBeLessThanOrEqual(value + dust);
          if (limit === 'min') expect(back).toBeGreaterThanOrEqual(value - dust);
        }),
        { numRuns: 60 },
      );
    });

    test('a value beyond its edges is held there, never wrapped and never the code for "invalid"', () => {
      const [low, high] = [roundTrip(slot, -1e12), roundTrip(slot, 1e12)];
      expect([low, high]).not.toContain(undefined);
      if (slot.modulo === undefined) expect(low).toBeLessThan(high ?? Number.NaN);
    });
  },
);

describe('rounding', () => {
  const back = (from: NumberSlot['from'], scale: number, value: number, as: Wire = 'i32be', offset = 0) =>
    roundTrip(slotOf({ from, as, scale, offset }), value);

  test.each<[string, number | undefined, number]>([
    ['a current limit goes down', back('charge_current_limit_A', 0.1, 25.59), 25.5],
    ['a discharge voltage limit goes up', back('discharge_voltage_limit_V', 0.1, 44.01), 44.1],
    ['a limit that is a whole count stays one', back('charge_voltage_limit_V', 0.1, 53.2), 53.2],
    [
      'a limit told as a negative current is no larger either',
      back('discharge_current_limit_A', -0.1, 25.59),
      25.5,
    ],
    ['a limit with an offset goes down', back('charge_current_limit_A', 0.1, 25.59, 'u16le', -3000), 25.5],
    ['whole percents are cut', back('soc_told_pct', 1, 99.99), 99],
    ['tenths of a percent are cut', back('soc_told_pct', 0.1, 99.99), 99.9],
    ['hundredths of a percent go to the nearest', back('soc_told_pct', 0.01, 67.256), 67.26],
    ['a percentage above 100 is 100', back('soh_pct', 1, 104), 100],
    ['a percentage below 0 is 0', back('soh_pct', 1, -3), 0],
    ['a tie goes away from zero', back('current_A', 0.1, -12.35), -12.4],
    ['a measurement goes to the nearest', back('voltage_V', 0.01, 49.86), 49.86],
  ])('%s', (_, told, expected) => expect(told).toBe(expected));

  test('every wire type of two bytes or more keeps a code that is no number', () => {
    expect((['u16be', 'i16le', 'u32be', 'i32be', 'u8', 'i8'] as const).map(invalidRaw)).toEqual([
      0xffff,
      -0x8000,
      0xffffffff,
      -0x80000000,
      undefined,
      undefined,
    ]);
    expect(
      roundTrip(slotOf({ from: 'soh_pct', as: 'u16be', unknown: 'invalid' }), undefined),
    ).toBeUndefined();
    expect(
      roundTrip(slotOf({ from: 'soh_pct', as: 'u16be', unknown: 'invalid' }), Number.NaN),
    ).toBeUndefined();
  });
});

describe('what an inverter may hear', () => {
  test('no current in a direction that is switched off, and none below zero', () => {
    const limits = { chargeCurrentLimitA: 50, dischargeCurrentLimitA: -3 };
    expect(asTold({ ...limits, chargeEnable: false }, 'hold')).toMatchObject({
      chargeCurrentLimitA: 0,
      dischargeCurrentLimitA: 0,
    });
    expect(asTold({ chargeEnable: false }, 'hold')).toMatchObject({ chargeCurrentLimitA: 0 });
    expect(asTold({}, 'hold')).toEqual({});
  });

  test('a stale bank may be told its measured voltage as CVL, never more, never below DVL, never 0', () => {
    const cvl = (voltageV: number, freshness: 'fresh' | 'stale' | 'lost') =>
      asTold({ chargeVoltageLimitV: 56.8, dischargeVoltageLimitV: 44, voltageV, freshness }, 'measured')
        .chargeVoltageLimitV;
    expect([cvl(52.3, 'stale'), cvl(58, 'lost'), cvl(40, 'stale'), cvl(52.3, 'fresh')]).toEqual([
      52.3, 56.8, 44, 56.8,
    ]);
    expect(
      asTold(
        { chargeVoltageLimitV: 50, dischargeVoltageLimitV: 60, voltageV: 55, freshness: 'stale' },
        'measured',
      ).chargeVoltageLimitV,
    ).toBe(50);
    expect(
      asTold({ chargeVoltageLimitV: 56.8, voltageV: 52, freshness: 'stale' }, 'hold').chargeVoltageLimitV,
    ).toBe(56.8);
    expect(asTold({ chargeVoltageLimitV: 56.8, freshness: 'stale' }, 'measured').chargeVoltageLimitV).toBe(
      56.8,
    );
  });
});

/** Any state at all: values of the right kind, however mad. */
const anyState = fc.record(
  Object.fromEntries(
    signalNames.map((name: SignalName) => {
      const { kind } = signalSpec(name);
      const key = name.replace(/_(\w)/g, (_, first: string) => first.toUpperCase());
      const form =
        kind === 'number'
          ? fc.double()
          : kind === 'flag'
            ? fc.boolean()
            : kind === 'text'
              ? fc.string({ unit: 'binary' })
              : kind === 'freshness'
                ? fc.constantFrom('fresh', 'late', 'stale', 'lost')
                : fc.constant(kind === 'status' ? 'idle' : []);
      return [key, form];
    }),
  ),
  { requiredKeys: [] },
);

test('no state whatever makes a profile throw, or a frame change its length', () => {
  const compiled = shippedIds.map((id) => shipped(id));
  fc.assert(
    fc.property(anyState, (state) => {
      for (const { can, modbus, serial } of compiled) {
        const frames = can?.frames(state) ?? [];
        if (!('missing' in frames))
          for (const { id, data } of frames)
            expect(can?.layouts.filter((l) => l.id === id).map((l) => l.length)).toContain(data.length);
        modbus?.image(state);
        serial?.say(state);
      }
    }),
    { numRuns: 300 },
  );
});

test('limits never reach the wire above what the bank allows, in any profile', () => {
  const amps = between(-500, 4000);
  const complete = { socPct: 50, voltageV: 52, currentA: 0, temperatureC: 20, chargeVoltageLimitV: 56 };
  fc.assert(
    fc.property(amps, amps, fc.boolean(), (chargeCurrentLimitA, dischargeCurrentLimitA, chargeEnable) => {
      const state = asTold(
        { ...complete, chargeCurrentLimitA, dischargeCurrentLimitA, chargeEnable },
        'hold',
      );
      const { can } = shippedCan;
      const frame = can?.layouts[0] && compileLayout(can.layouts[0])(state);
      if (!(frame instanceof Uint8Array)) throw new Error('no frame');
      const [charge = 0, discharge = 0] = [2, 4].map(
        (at) => new DataView(frame.buffer).getInt16(at, true) / 10,
      );
      expect(charge).toBeLessThanOrEqual(chargeEnable ? Math.max(0, chargeCurrentLimitA) + 1e-5 : 0);
      expect(discharge).toBeLessThanOrEqual(Math.max(0, dischargeCurrentLimitA) + 1e-5);
      expect(Math.min(charge, discharge)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});
const shippedCan = shipped('pylontech-lv');
