// How long one evaluation of the bank takes, by the number of packs of 16 cells, each pack speaking before each evaluation with
// values that move.
import { usualHabits } from '../../src/bank/charge-habits.ts';
import { agesFor, type BankConfig, type PackConfig, usualBank } from '../../src/bank/config.ts';
import { evaluate } from '../../src/bank/evaluate.ts';
import type { Evaluation, Snapshot } from '../../src/bank/memory.ts';
import { loadChemistry } from '../../src/config/chemistry-files.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { CELLS } from './packs.ts';
import { judgedRow, type Part } from './row.ts';

const PERIOD_MS = 1000;
const WARM_UP = 1000;
const TIMES = 5000;
/** The most that the model holds; the budget is for these. */
const MOST_PACKS = 64;
const BUDGET_MS = 2;

const pack = (id: string): PackConfig => ({ id, cells: CELLS, capacityAh: 100, needsTemperature: true });

/** Strings of two packs where the count allows it: both ways of adding up are in the figures. */
function bankOf(packs: number): BankConfig {
  const ids = Array.from({ length: packs }, (_, i) => `pack${i + 1}`);
  const strings = packs === 1 ? [ids] : ids.flatMap((id, i) => (i % 2 ? [] : [[id, ids[i + 1] ?? id]]));
  return {
    ...usualBank,
    strings: strings.map((string) => string.map(pack)),
    chemistry: loadChemistry('lfp'),
    envelope: { chargeCurrentA: 500, dischargeCurrentA: 500, cellMaxV: 3.6, cellMinV: 2.8 },
    ages: agesFor(2000),
    habits: usualHabits,
  };
}

/** Near the top, where the most rules narrow the limits. */
const reading = (turn: number, no: number): BatteryReading => {
  const cellVoltagesV = Array.from({ length: CELLS }, (_, i) => 3.38 + ((turn + i * 7 + no) % 40) / 1000);
  return {
    voltageV: cellVoltagesV.reduce((a, b) => a + b, 0),
    currentA: 10,
    socPct: 90,
    remainingCapacityAh: 90 + turn / 1e6,
    nominalCapacityAh: 100,
    cellVoltagesV,
    temperaturesC: [20, 21, 44],
    mosfetTemperatureC: 72,
    chargeFet: true,
    dischargeFet: true,
    alarms: [],
    warnings: [],
    cycles: 12,
  };
};

const samplesAt = (config: BankConfig, turn: number): Snapshot['samples'] =>
  Object.fromEntries(
    config.strings
      .flat()
      .map(({ id }, no) => [id, { atMs: turn * PERIOD_MS, reading: reading(turn, no) }] as const),
  );

/** The durations of `times` evaluations, ms. */
function measure(packs: number, times: number): number[] {
  const config = bankOf(packs);
  let state: Evaluation | undefined;
  const tookMs: number[] = [];
  for (let turn = 0; turn < WARM_UP + times; turn++) {
    const samples = samplesAt(config, turn);
    const sinceMs = monotonicMs();
    state = evaluate({ samples }, state, config, turn * PERIOD_MS);
    tookMs.push(monotonicMs() - sinceMs);
  }
  return tookMs.slice(WARM_UP);
}

export const evaluation: Part = async function* ({ isQuick, say }) {
  say('evaluation');
  for (const packs of [1, 4, 16, MOST_PACKS]) {
    const head = { part: 'evaluation', what: `${packs} packs of ${CELLS} cells`, unit: 'ms' };
    const tookMs = measure(packs, isQuick ? TIMES / 10 : TIMES);
    yield packs === MOST_PACKS
      ? judgedRow(head, tookMs, `p99 ≤ ${BUDGET_MS}`, ({ p99 }) => p99 <= BUDGET_MS)
      : judgedRow(head, tookMs);
  }
};
