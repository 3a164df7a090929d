import fc from 'fast-check';
import type { Chemistry } from '../../src/bank/chemistry.ts';
import type { PackConfig } from '../../src/bank/config.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { between } from '../between.ts';

// What the BMS of a pack may say, in its right mind or out of it.

export const orNothing = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** The object without what is undefined: unknown is absent. */
export const known = <T extends object>(values: T) =>
  // Object.fromEntries forgets the keys; they are those of the argument, less the undefined ones.
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** What a pack says, apart from its size. Cells stand between 0 (under-voltage) and 1 (over-voltage) of their chemistry. */
export interface Said {
  readonly at: number;
  readonly oddAt: number | undefined;
  readonly odd: number;
  readonly values: BatteryReading;
  readonly damage: (reading: BatteryReading) => BatteryReading;
}

const whole = (reading: BatteryReading): BatteryReading => reading;

const withCell = (volts: number) => (reading: BatteryReading) => ({
  ...reading,
  cellVoltagesV: [volts, ...(reading.cellVoltagesV ?? []).slice(1)],
});

/** What a broken BMS, cable or decoder makes of a reading. */
const damages: readonly ((reading: BatteryReading) => BatteryReading)[] = [
  ...[0, 65, -1, Number.NaN, Number.POSITIVE_INFINITY].map(withCell),
  ...[Number.NaN, Number.NEGATIVE_INFINITY, 32_768].map((currentA) => (r: BatteryReading) => ({
    ...r,
    currentA,
  })),
  ...[240, -1, Number.NaN].map((socPct) => (r: BatteryReading) => ({ ...r, socPct })),
  ...[0, 6553.5, Number.NaN].map((voltageV) => (r: BatteryReading) => ({ ...r, voltageV })),
  ...[300, -273.1, Number.NaN].map((c) => (r: BatteryReading) => ({ ...r, temperaturesC: [c] })),
  (r) => ({ ...r, temperaturesC: [undefined, 20] }),
  (r) => ({ ...r, cellVoltagesV: [] }),
  // Another battery's number of cells: output stops.
  (r) => ({ ...r, cellVoltagesV: r.cellVoltagesV?.slice(1) ?? [] }),
  (r) => ({ ...r, nominalCapacityAh: Number.NaN, remainingCapacityAh: Number.POSITIVE_INFINITY }),
  (r) => ({ ...r, mosfetTemperatureC: Number.NaN, sohPct: Number.NaN, cycles: Number.POSITIVE_INFINITY }),
  (r) => ({ ...r, chargeOverCurrentA: Number.NaN, dischargeOverCurrentA: Number.POSITIVE_INFINITY }),
  () => ({}),
];

const place = fc.oneof(between(-0.05, 1.05), between(0.3, 0.7), between(0.75, 0.9));
const healthy = fc.constant(whole);
const anyDamage = fc.oneof(
  { weight: 19, arbitrary: healthy },
  { weight: 1, arbitrary: fc.constantFrom(...damages) },
);

const saidWith = (damage: Said['damage'] | fc.Arbitrary<Said['damage']>): fc.Arbitrary<Said> =>
  fc.record({
    at: place,
    oddAt: orNothing(place),
    odd: fc.nat(30),
    damage: typeof damage === 'function' ? fc.constant(damage) : damage,
    values: fc
      .record({
        currentA: fc.oneof(between(-200, 200), fc.constant(0)),
        socPct: fc.oneof(fc.constantFrom(0, 0.4, 98, 100), between(0, 100)),
        sohPct: orNothing(between(0, 100)),
        nominalCapacityAh: orNothing(between(10, 400)),
        remainingCapacityAh: orNothing(between(0, 400)),
        temperaturesC: fc.oneof(
          fc.array(between(12, 38), { minLength: 1, maxLength: 2 }),
          fc.array(between(-30, 70), { minLength: 1, maxLength: 2 }),
        ),
        mosfetTemperatureC: orNothing(between(0, 100)),
        chargeFet: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
        dischargeFet: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
        alarms: fc.oneof(
          { weight: 4, arbitrary: fc.constant([]) },
          {
            weight: 1,
            arbitrary: fc.subarray([
              'cell_high_voltage',
              'cell_low_voltage',
              'short_circuit',
              'internal',
            ] as const),
          },
        ),
        chargeOverCurrentA: orNothing(between(1, 300)),
        dischargeOverCurrentA: orNothing(between(1, 300)),
      })
      .map(known),
  });

/** What a sound BMS may say: knees, cold, heat, open FETs and protections included. */
export const soundly = saidWith(whole);
/** The same, and now and then what nobody can have meant. */
export const anyhow = saidWith(anyDamage);

const millivolts = (volts: number): number => Math.round(volts * 1000) / 1000;

/** The reading of a pack of this many cells. */
export function readingOf(
  said: Said,
  { cells }: PackConfig,
  { underVoltageV, overVoltageV }: Chemistry,
): BatteryReading {
  const volts = (at: number) => millivolts(Math.max(0, underVoltageV + at * (overVoltageV - underVoltageV)));
  const cellVoltagesV = Array.from({ length: cells }, (_, i) =>
    volts(said.oddAt !== undefined && i === said.odd % cells ? said.oddAt : said.at),
  );
  const voltageV = cellVoltagesV.reduce((a, b) => a + b, 0);
  return said.damage({ ...said.values, cellVoltagesV, voltageV });
}

/** A pack in its middle, warm, with nothing in its way. */
export const calm: fc.Arbitrary<Said> = fc
  .record({ at: between(0.58, 0.62), currentA: between(-5, 5), socPct: between(30, 70) })
  .map(({ at, ...values }) => ({
    at,
    oddAt: undefined,
    odd: 0,
    damage: whole,
    values: { ...values, nominalCapacityAh: 100, temperaturesC: [20], chargeFet: true, dischargeFet: true },
  }));
