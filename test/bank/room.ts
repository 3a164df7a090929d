import { usualHabits } from '../../src/bank/charge-habits.ts';
import { agesFor, type BankConfig, type PackConfig, usualBank } from '../../src/bank/config.ts';
import { evaluate } from '../../src/bank/evaluate.ts';
import type { Evaluation, Snapshot } from '../../src/bank/memory.ts';
import { loadChemistry } from '../../src/config/chemistry-files.ts';
import type { BatteryReading, PackSample } from '../../src/model/battery.ts';

export const lfp = loadChemistry('lfp');

/** A battery room for tests: packs that speak when told to, and a clock that is cranked by hand. */
export const envelope = { chargeCurrentA: 1000, dischargeCurrentA: 1000, cellMaxV: 3.6, cellMinV: 2.8 };

export const pack = (id: string, more: Partial<PackConfig> = {}): PackConfig => ({
  id,
  cells: 16,
  capacityAh: 100,
  chargeCurrentA: 50,
  dischargeCurrentA: 100,
  needsTemperature: true,
  ...more,
});

export const bankOf = (
  strings: readonly (readonly PackConfig[])[],
  more: Partial<BankConfig> = {},
): BankConfig => ({
  strings,
  ...usualBank,
  habits: usualHabits,
  loss: 'block',
  chemistry: lfp,
  envelope,
  ages: agesFor(2000),
  seriesSoc: 'window',
  ...more,
});

/** A healthy 16-cell pack at 3.3 V a cell; `cellV` moves all cells. */
export const reading = (more: BatteryReading & { cellV?: number; cells?: number } = {}): BatteryReading => {
  const { cellV = 3.3, cells = 16, ...rest } = more;
  return {
    voltageV: Number((cellV * cells).toFixed(2)),
    currentA: -10,
    socPct: 50,
    remainingCapacityAh: 50,
    nominalCapacityAh: 100,
    cellVoltagesV: Array(cells).fill(cellV),
    temperaturesC: [20, 21],
    chargeFet: true,
    dischargeFet: true,
    alarms: [],
    warnings: [],
    ...rest,
  };
};

/** One evaluation of packs that all spoke at `atMs`. */
export const once = (
  config: BankConfig,
  readings: Readonly<Record<string, BatteryReading>>,
  atMs = 0,
): Evaluation => evaluate({ samples: stamped(readings, atMs) }, undefined, config, atMs);

/** What each pack said, all at this moment. */
export const stamped = (
  readings: Readonly<Record<string, BatteryReading>>,
  atMs: number,
): Record<string, PackSample> =>
  Object.fromEntries(Object.entries(readings).map(([id, value]) => [id, { atMs, reading: value }]));

/** A bank under a hand-cranked clock, evaluated every second and at each sample. */
export function room(config: BankConfig, start: Partial<{ nowMs: number; state: Evaluation }> = {}) {
  let nowMs = start.nowMs ?? 0;
  let state = start.state;
  const samples: Record<string, PackSample> = {};
  const extra: { -readonly [K in 'outsideCurrentA' | 'shuntA']?: NonNullable<Snapshot[K]> } = {};
  const look = () => {
    state = evaluate({ samples: { ...samples }, ...extra }, state, config, nowMs);
    return state;
  };
  return {
    now: () => nowMs,
    look,
    state: () => state ?? look(),
    /** The pack's BMS answers, at this very moment if nothing else is said. */
    hear(id: string, value: BatteryReading = reading(), atMs = nowMs) {
      samples[id] = { atMs, reading: value };
      return look();
    },
    hearAll(value: BatteryReading = reading()) {
      for (const { id } of config.strings.flat()) samples[id] = { atMs: nowMs, reading: value };
      return look();
    },
    outside(value: number) {
      extra.outsideCurrentA = { value, atMs: nowMs };
    },
    shunt(value: number) {
      extra.shuntA = { value, atMs: nowMs };
    },
    /** Lets time pass in evaluations one second apart, the packs `speaking` answering every two seconds. */
    pass(seconds: number, speaking: readonly string[] = [], value: () => BatteryReading = reading) {
      for (let s = 0; s < seconds; s++) {
        nowMs += 1000;
        if (s % 2 === 1) for (const id of speaking) samples[id] = { atMs: nowMs, reading: value() };
        look();
      }
      return look();
    },
    /** Time goes by and nobody looks. */
    wait(ms: number) {
      nowMs += ms;
    },
    tick(ms: number) {
      nowMs += ms;
      return look();
    },
  };
}
