import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { PackConfig } from './config.ts';

/** A number of a scenario: it goes in a straight line from one value to another, and stays there. */
export interface Course {
  readonly from: number;
  readonly to: number;
  readonly sinceMs: number;
  /** 0: at once. */
  readonly overMs: number;
}

/** What one word of a scenario does to a pack. */
export type Word =
  /** `soc`, `v`, `i`, `cell`, `cell7`, `t`, `t2`, `mosfet`, `capacity`; without a course the BMS no longer says it. */
  | { readonly set: 'number'; readonly name: string; readonly course?: Course }
  | { readonly set: 'chargeFet' | 'dischargeFet'; readonly closed: boolean }
  | { readonly set: 'alarms' | 'warnings'; readonly names: readonly AlarmName[] }
  | { readonly set: 'speaks'; readonly yes: boolean }
  | { readonly set: 'moves'; readonly yes: boolean };

/** A pack as the scenario has it at one moment. */
export interface StagedPack {
  readonly config: PackConfig;
  readonly numbers: { readonly [name: string]: Course | undefined };
  readonly chargeFet: boolean;
  readonly dischargeFet: boolean;
  readonly alarms: readonly AlarmName[];
  readonly warnings: readonly AlarmName[];
  readonly speaks: boolean;
  /** False: it goes on saying what it said last. */
  readonly moves: boolean;
}

/** A value that does not move. */
export const still = (value: number): Course => ({ from: value, to: value, sinceMs: 0, overMs: 0 });

/** Before its first word a pack speaks and rests, half full, at 20 °C. */
export const resting = (config: PackConfig): StagedPack => ({
  config,
  numbers: {
    soc: still(50),
    i: still(0),
    cell: still(3.3),
    t: still(20),
    ...(config.capacityAh !== undefined && { capacity: still(config.capacityAh) }),
  },
  chargeFet: true,
  dischargeFet: true,
  alarms: [],
  warnings: [],
  speaks: true,
  moves: true,
});

/** `cell=` is said of all cells and `t=` of all sensors: what was said of single ones before is over. */
const overruled = (name: string, key: string): boolean =>
  (name === 'cell' || name === 't') && new RegExp(`^${name}\\d+$`).test(key);

export function said(pack: StagedPack, word: Word): StagedPack {
  if (word.set === 'number') {
    const kept = Object.entries(pack.numbers).filter(([key]) => !overruled(word.name, key));
    return { ...pack, numbers: { ...Object.fromEntries(kept), [word.name]: word.course } };
  }
  if ('closed' in word) return { ...pack, [word.set]: word.closed };
  if ('names' in word) return { ...pack, [word.set]: word.names };
  return { ...pack, [word.set]: word.yes };
}

/** Where a course has come to. */
export function valueAt({ from, to, sinceMs, overMs }: Course, nowMs: number): number {
  const part = overMs > 0 ? Math.min(1, Math.max(0, (nowMs - sinceMs) / overMs)) : 1;
  return from + (to - from) * part;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const from1 = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Values that are there only when they are known. */
const known = <T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  // Object.fromEntries forgets the keys; they are those of the argument.
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** The last digit moves from answer to answer while 1 A or more flows, as it does in a pack that lives. */
const stir = (value: number | undefined, currentA: number, answer: number): number | undefined =>
  value !== undefined && Math.abs(currentA) >= 1 && answer % 2 ? rounded(value + 0.01, 2) : value;

/** What the BMS of a staged pack says at `nowMs`; `answer` counts its answers. Cells to 1 mV, others as BMS units round. */
export function readingOf(pack: StagedPack, nowMs: number, answer: number): BatteryReading {
  const { numbers, config } = pack;
  const number = (name: string, digits: number): number | undefined => {
    const course = numbers[name];
    return course && rounded(valueAt(course, nowMs), digits);
  };
  const each = (name: string, n: number, digits: number): number | undefined =>
    number(`${name}${n}` in numbers ? `${name}${n}` : name, digits);
  const cells = from1(config.cells).flatMap((n) => each('cell', n, 3) ?? []);
  const cellVoltagesV = cells.length === config.cells ? cells : undefined;
  const sensors = Math.max(1, ...Object.keys(numbers).map((key) => Number(/^t(\d+)$/.exec(key)?.[1] ?? 0)));
  const [socPct, currentA, nominalCapacityAh] = [number('soc', 1), number('i', 2), number('capacity', 2)];
  const voltageV =
    number('v', 2) ??
    (cellVoltagesV &&
      rounded(
        cells.reduce((a, b) => a + b, 0),
        2,
      ));
  const chargeAh =
    socPct === undefined || nominalCapacityAh === undefined
      ? undefined
      : rounded((nominalCapacityAh * socPct) / 100, 2);
  return {
    ...known({
      socPct,
      currentA,
      nominalCapacityAh,
      remainingCapacityAh: stir(chargeAh, currentA ?? 0, answer),
      voltageV: chargeAh === undefined ? stir(voltageV, currentA ?? 0, answer) : voltageV,
      cellVoltagesV,
      mosfetTemperatureC: number('mosfet', 1),
    }),
    temperaturesC: from1(sensors).map((n) => each('t', n, 1)),
    chargeFet: pack.chargeFet,
    dischargeFet: pack.dischargeFet,
    alarms: pack.alarms,
    warnings: pack.warnings,
  };
}
