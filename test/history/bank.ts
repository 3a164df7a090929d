// A bank of two batteries as the history hears of it, and what it holds in the end.
import type { ColumnName } from '../../src/history/columns.ts';
import { readHistory } from '../../src/history/reader.ts';
import type { BankState, PackState } from '../../src/model/bank-state.ts';
import type { Freshness } from '../../src/model/freshness.ts';
import { reading } from '../bank/room.ts';

export interface Said {
  readonly atMs: number;
  readonly currentA?: number;
  readonly freshness?: Freshness;
  /** Of battery b, when it is another. */
  readonly b?: Partial<PackState>;
}

let sequence = 0;

/** One evaluation in which both batteries have just spoken. */
export function told({ atMs, currentA = 10, freshness = 'fresh', b }: Said): BankState {
  const pack = (id: string): PackState => ({
    id,
    freshness,
    sampleAtMs: atMs,
    reading: reading({ currentA, cellV: 3.25 }),
    chargeCurrentLimitA: 50,
    dischargeCurrentLimitA: 100,
  });
  return {
    sequence: sequence++,
    evaluatedAtMs: atMs,
    validUntilMs: atMs + 3000,
    freshness,
    sampleAtMs: atMs,
    signals: {
      voltageV: 52,
      currentA: 2 * currentA,
      powerW: 104 * currentA,
      socPct: 50,
      energyChargedKWh: 4711,
    },
    packs: [pack('a'), { ...pack('b'), ...b }],
    reasons: { chargeVoltage: [], dischargeVoltage: [], chargeCurrent: [], dischargeCurrent: [] },
    notices: [],
  };
}

/** All minutes of the bank or a battery, by their minute of that day. */
export function minutesIn(path: string, day: number, column: ColumnName, battery?: string) {
  const reader = readHistory(path);
  const fromMs = day * 86_400_000;
  const course = reader.course({
    battery,
    fromMs,
    toMs: fromMs + 86_400_000,
    columns: [column],
    points: 1440,
  });
  reader.close();
  return Object.fromEntries(
    course.atMs.map((at, i) => [(at - fromMs) / 60_000, course.values[column]?.[i] ?? null]),
  );
}
