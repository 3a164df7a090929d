import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jbdUart } from '../../src/bms/jbd.ts';
import { warningNames } from '../../src/bms/jbd-fields.ts';
import { frameOf } from '../../src/bms/jbd-frame.ts';
import { inNotifications, jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { complete, noRound, withAnswer } from '../../src/bms/round.ts';
import { toHex } from '../../src/bytes/hex.ts';
import type { AlarmName } from '../../src/model/alarms.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { hex, tell } from './captures.ts';

const ask = (pack: BatteryReading, request: string) => {
  const answer = jbdAnswer(pack, hex(request));
  return answer && toHex(answer);
};

/** A whole round against such a unit, in notifications of `size` bytes. */
const roundWith = (pack: BatteryReading, size: number) =>
  complete(
    { dialect: jbdUart },
    jbdUart
      .requests({})
      .flatMap(
        ({ bytes }) => tell(inNotifications(jbdAnswer(pack, bytes) ?? new Uint8Array(), size), bytes).answers,
      )
      .reduce((round, answer) => withAnswer(round, answer, 0), noRound),
  )?.reading;

describe('a JBD unit', () => {
  const pack: BatteryReading = {
    voltageV: 13.24,
    currentA: -5,
    remainingCapacityAh: 80,
    nominalCapacityAh: 100,
    cycles: 42,
    socPct: 80,
    cellVoltagesV: [3.312, 3.314, 3.31, 3.313],
    temperaturesC: [25.2, undefined],
    chargeFet: true,
    dischargeFet: true,
    name: '0123456789',
  };

  test('answers cells and name with the bytes of the reference', () => {
    expect(ask(pack, 'dda50400fffc77')).toBe('dd 04 00 08 0c f0 0c f2 0c ee 0c f1 fc 07 77');
    expect(ask(pack, 'dda50500fffb77')).toBe('dd 05 00 0a 30 31 32 33 34 35 36 37 38 39 fd e9 77');
  });

  test('refuses a register that it does not know, and every write', () => {
    expect(ask(pack, 'dda5aa00ff5677')).toBe('dd aa 80 00 ff 80 77');
    expect(ask(pack, 'dd5ae1020001ff1c77')).toBe('dd e1 80 00 ff 80 77');
  });

  test.each(['dda50300fffc77', 'dda503', '', '00dda50300fffd77', 'dda50300fffd7700'])(
    'is silent to %j',
    (request) => {
      expect(ask(pack, request)).toBeUndefined();
    },
  );

  test('says nothing of a sensor without a value that a reader would believe', () => {
    expect(roundWith(pack, 20)?.temperaturesC).toEqual([25.2, undefined]);
  });

  test('counts in tenths, with the unit flag, what is too large for hundredths', () => {
    const large = { ...pack, currentA: 400, remainingCapacityAh: 800.1, nominalCapacityAh: 1000 };
    expect(roundWith(large, 20)).toMatchObject({
      currentA: 400,
      remainingCapacityAh: 800.1,
      nominalCapacityAh: 1000,
    });
  });
});

describe('what a unit says is what is read', () => {
  const counts = (min: number, max: number, scale: number) =>
    fc.integer({ min, max }).map((n) => Number((n * scale).toFixed(3)));
  // The names that have a bit of their own; `contactor` has two.
  const alarm = fc.constantFrom<AlarmName[]>(
    'cell_high_voltage',
    'cell_low_voltage',
    'high_voltage',
    'low_voltage',
    'high_temperature_charge',
    'low_temperature_charge',
    'high_temperature',
    'low_temperature',
    'high_charge_current',
    'high_discharge_current',
    'short_circuit',
    'internal',
    'contactor',
  );
  const warning = fc.constantFrom(...warningNames.filter((name) => name !== undefined));
  const sorted = (values: readonly (string | number)[] | undefined) => values && [...values].sort();
  const packs = fc.record(
    {
      voltageV: counts(0, 65000, 0.01),
      currentA: counts(-32767, 32767, 0.01),
      remainingCapacityAh: counts(0, 65534, 0.01),
      nominalCapacityAh: counts(0, 65534, 0.01),
      cycles: fc.nat(65534),
      socPct: fc.nat(100),
      cellVoltagesV: fc.array(counts(0, 5000, 0.001), { minLength: 1, maxLength: 32 }),
      temperaturesC: fc.array(fc.option(counts(-400, 1200, 0.1), { nil: undefined }), { maxLength: 16 }),
      balancingCells: fc.uniqueArray(fc.integer({ min: 1, max: 32 })),
      chargeFet: fc.boolean(),
      dischargeFet: fc.boolean(),
      blockedBySoftware: fc.boolean(),
      alarms: fc.uniqueArray(alarm),
      warnings: fc.uniqueArray(warning),
      name: fc.stringMatching(/^[!-~]{1,31}$/),
    },
    {
      noNullPrototype: true,
      requiredKeys: [
        'voltageV',
        'currentA',
        'remainingCapacityAh',
        'nominalCapacityAh',
        'cycles',
        'socPct',
        'cellVoltagesV',
        'temperaturesC',
        'balancingCells',
        'chargeFet',
        'dischargeFet',
        'blockedBySoftware',
        'alarms',
      ],
    },
  );

  test('for every pack, however its answers are chopped up', () => {
    fc.assert(
      fc.property(packs, fc.integer({ min: 1, max: 300 }), (pack, size) => {
        const { details, ...read } = roundWith(pack, size) ?? {};
        expect(details).toBeDefined();
        const lists = ({ balancingCells, alarms, warnings }: BatteryReading) =>
          [balancingCells, alarms, warnings].map(sorted);
        expect({ ...read, balancingCells: 0, alarms: 0, warnings: 0 }).toEqual({
          ...pack,
          balancingCells: 0,
          alarms: 0,
          warnings: 0,
        });
        expect(lists(read)).toEqual(lists(pack));
      }),
    );
  });

  test('for an answer in notifications, nothing is lost and nothing is longer than the radio carries', () => {
    const frame = frameOf(4, 0, new Uint8Array(64));
    const pieces = inNotifications(frame);
    expect(pieces.map(({ length }) => length)).toEqual([20, 20, 20, 11]);
    expect(Uint8Array.from(pieces.flatMap((piece) => [...piece]))).toEqual(frame);
  });
});
