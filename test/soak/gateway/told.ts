// What the units of this soak tell, and what a bank of some of them must then show: current, voltage and SoC on a wire say from
// which answer of which pack they were made. Own arithmetic; nothing here is taken from the gateway.
import type { BatteryReading } from '../../../src/model/battery.ts';
import { drawn } from '../told.ts';

/** One digit of this base for each pack, of tenths of an ampere; 0 is a pack that does not count. */
const BASE = 6;
export const DIGITS = BASE - 1;
export const CAPACITY_AH = 100;

/** Which of its five digits a pack shows in this answer, 1 to 5. */
export const digitOf = (answer: number): number => 1 + (answer % DIGITS);

/** The digits of a discharge current, pack 1 first; undefined when no packs tell such a current. A. */
export function digitsIn(currentA: number, units: number): readonly number[] | undefined {
  let rest = Math.round(-currentA * 10);
  if (rest < 0 || Math.abs(rest + currentA * 10) > 0.01) return undefined;
  const digits = Array.from({ length: units }, () => {
    const digit = rest % BASE;
    rest = Math.floor(rest / BASE);
    return digit;
  });
  return rest === 0 ? digits : undefined;
}

const centivoltsOf = (unit: number, answer: number): number => 5280 + (drawn(unit, answer, 0) % 20);
const socOf = (unit: number, answer: number): number => 50 + (drawn(unit, answer, 1) % 20);
const coldOf = (unit: number): number => 20 + unit;
const hotOf = (unit: number): number => 30 + unit;

export const basicOf = (unit: number, answer: number): BatteryReading => ({
  voltageV: centivoltsOf(unit, answer) / 100,
  currentA: -(digitOf(answer) * BASE ** (unit - 1)) / 10,
  socPct: socOf(unit, answer),
  remainingCapacityAh: socOf(unit, answer),
  nominalCapacityAh: CAPACITY_AH,
  cycles: answer % 10_000,
  temperaturesC: [coldOf(unit), hotOf(unit)],
  chargeFet: true,
  dischargeFet: true,
});

/** Cell 2 is the lowest and cell 3 the highest of its pack, both drawn for each answer. mV. */
export const lowestOf = (unit: number, answer: number): number => 3299 - (drawn(unit, answer, 2) % 40);
export const highestOf = (unit: number, answer: number): number => 3301 + (drawn(unit, answer, 3) % 40);

export const cellsOf = (unit: number, answer: number): BatteryReading => ({
  cellVoltagesV: Array.from({ length: 16 }, (_, i) => {
    if (i === 1) return lowestOf(unit, answer) / 1000;
    return i === 2 ? highestOf(unit, answer) / 1000 : 3.3;
  }),
});

export const tells = { basicOf, cellsOf };

/** A pack that counts and the answer that its values are of. */
export interface Part {
  readonly unit: number;
  readonly answer: number;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Strings in parallel of one pack each, all of one capacity (bank reference, section 2.2). V, %, °C. */
export const bankOf = (parts: readonly Part[]) => ({
  voltageV: mean(parts.map(({ unit, answer }) => centivoltsOf(unit, answer))) / 100,
  socPct: mean(parts.map(({ unit, answer }) => socOf(unit, answer))),
  temperatureC: mean(parts.map(({ unit }) => (coldOf(unit) + hotOf(unit)) / 2)),
});
