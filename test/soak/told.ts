// What a unit of the soak tells: every number follows from who it is and how many answers it has given, so that a sample shows
// from which answers it was made. Nothing here is taken from the decoders.
import type { BatteryReading } from '../../src/model/battery.ts';

const CELLS = 16;
/** Cell 1 names the unit; the next three write the answer's number in digits of this base. */
const BASE = 100;
/** Far below the smallest count of any field. */
const SAME = 1e-6;

export const nameOf = (unit: number): string => `soak ${unit}`;

/** A number below 100 that this place of this answer of this unit has, and others most likely do not. */
export function drawn(unit: number, answer: number, place: number): number {
  const mixed = Math.imul(unit * 31 + place + 1, 0x9e3779b1) ^ Math.imul(answer + 1, 0x85ebca6b);
  return (Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 8) % 100;
}

export const basicOf = (unit: number, answer: number): BatteryReading => ({
  voltageV: 52.5 + drawn(unit, answer, 0) / 100,
  currentA: drawn(unit, answer, 1) - 50,
  remainingCapacityAh: drawn(unit, answer, 2),
  nominalCapacityAh: 100 + unit,
  cycles: answer,
  socPct: drawn(unit, answer, 3),
  temperaturesC: [10 + unit, drawn(unit, answer, 4) / 10],
});

const digits = (answer: number): number[] => [0, 1, 2].map((i) => Math.floor(answer / BASE ** i) % BASE);

export const cellsOf = (unit: number, answer: number): BatteryReading => {
  const told = [unit, ...digits(answer)];
  return {
    cellVoltagesV: Array.from(
      { length: CELLS },
      (_, i) => 3.25 + (told[i] ?? drawn(unit, answer, 10 + i)) / 1000,
    ),
  };
};

const isSame = (told: unknown, read: unknown): boolean => {
  if (Array.isArray(told))
    return Array.isArray(read) && read.length === told.length && told.every((v, i) => isSame(v, read[i]));
  return typeof told === 'number' && typeof read === 'number' ? Math.abs(told - read) < SAME : told === read;
};

const agrees = (told: BatteryReading, read: BatteryReading): boolean =>
  Object.entries(told).every(([name, value]) =>
    // Object.entries forgets that these keys are the reading's own.
    isSame(value, read[name as keyof BatteryReading]),
  );

/** The number of the answer from which the pack's values are; undefined when no single one of this unit has them all. */
export function basicNumber(unit: number, read: BatteryReading): number | undefined {
  const { cycles } = read;
  return cycles !== undefined && agrees(basicOf(unit, cycles), read) ? cycles : undefined;
}

/** The same of the cells. */
export function cellsNumber(unit: number, read: BatteryReading): number | undefined {
  const told = (read.cellVoltagesV ?? []).slice(1, 4).map((volts) => Math.round((volts - 3.25) * 1000));
  const answer = told.reduce((sum, digit, i) => sum + digit * BASE ** i, 0);
  return agrees(cellsOf(unit, answer), read) ? answer : undefined;
}
