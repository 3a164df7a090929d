import type { Evaluation } from '../bank/memory.ts';
import { stageOf } from '../bank/scenario-expect.ts';
import type { Reason } from '../model/bank-state.ts';
import { isStale } from '../model/freshness.ts';
import { reasonText } from '../model/reason-text.ts';

/** What a limit must move by to be worth a line, A and V. */
const CURRENT_STEP_A = 1;
const VOLTAGE_STEP_V = 0.1;
const REASON_WIDTH = 30;
const INDENT = ' '.repeat(9);

/** `1:02:03` since the start, at least eight wide. */
function timeText(atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  const two = (n: number) => String(n % 60).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`.padStart(8);
}

const column = (value: number | undefined, digits: number, width: number): string =>
  (value?.toFixed(digits) ?? '–').padStart(width);

function reasonColumn([reason]: readonly Reason[]): string {
  const text = reason ? reasonText(reason) : '';
  return text.length > REASON_WIDTH ? `${text.slice(0, REASON_WIDTH - 1)}…` : text.padEnd(REASON_WIDTH);
}

const HEADINGS = [
  'time'.padStart(8),
  'rung ',
  'SoC %'.padStart(5),
  'V'.padStart(6),
  'A'.padStart(7),
  'CVL V'.padStart(6),
  ' CCL A',
  'because'.padEnd(REASON_WIDTH),
  ' DCL A',
  'because',
].join(' ');

const row = ({ evaluatedAtMs, freshness, signals: s, reasons }: Evaluation): string =>
  [
    timeText(evaluatedAtMs),
    freshness.padEnd(5),
    column(s.socPct, 1, 5),
    column(s.voltageV, 2, 6),
    column(s.currentA, 1, 7),
    column(s.chargeVoltageLimitV, 2, 6),
    column(s.chargeCurrentLimitA, 1, 6),
    reasonColumn(reasons.chargeCurrent),
    column(s.dischargeCurrentLimitA, 1, 6),
    reasonColumn(reasons.dischargeCurrent),
  ]
    .join(' ')
    .trimEnd();

/** What is worth a line of its own while it lasts: the stage, alarms, warnings, packs that are away, notices. */
function remarksOf(state: Evaluation): string[] {
  const { alarms = [], warnings = [] } = state.signals;
  const stage = stageOf(state);
  return [
    ...(stage === undefined ? [] : [`stage ${stage}`]),
    ...alarms.map((name) => `alarm ${name}`),
    ...warnings.filter((name) => !alarms.includes(name)).map((name) => `warning ${name}`),
    ...state.packs.flatMap(({ id, freshness, fault }) => [
      ...(isStale(freshness) ? [`${id} is ${freshness}`] : []),
      ...(fault === undefined ? [] : [fault]),
    ]),
    ...state.notices,
  ];
}

/** Rule, pack and cell that decide, without the measured value: that moves all the time. */
const causesOf = ({ reasons: { chargeCurrent, dischargeCurrent } }: Evaluation): string =>
  [chargeCurrent[0], dischargeCurrent[0]].map((r) => [r?.rule, r?.pack, r?.cell].join(' ')).join('; ');

/** Moved by a step, or to or from zero or nothing. */
const moved = (was: number | undefined, is: number | undefined, step: number): boolean =>
  (was === undefined) !== (is === undefined) ||
  (was === 0) !== (is === 0) ||
  Math.abs((was ?? 0) - (is ?? 0)) >= step - 1e-9;

const limitMoved = ({ signals: was }: Evaluation, { signals: is }: Evaluation): boolean =>
  moved(was.chargeCurrentLimitA, is.chargeCurrentLimitA, CURRENT_STEP_A) ||
  moved(was.dischargeCurrentLimitA, is.dischargeCurrentLimitA, CURRENT_STEP_A) ||
  moved(was.chargeVoltageLimitV, is.chargeVoltageLimitV, VOLTAGE_STEP_V);

const isNews = (told: Evaluation | undefined, state: Evaluation): boolean =>
  !told ||
  told.freshness !== state.freshness ||
  causesOf(told) !== causesOf(state) ||
  limitMoved(told, state) ||
  remarksOf(told).join() !== remarksOf(state).join();

function remarkLines(told: Evaluation | undefined, state: Evaluation): string[] {
  const [before, now] = [told ? remarksOf(told) : [], remarksOf(state)];
  return [
    ...now.filter((remark) => !before.includes(remark)).map((remark) => `${INDENT}+ ${remark}`),
    ...before.filter((remark) => !now.includes(remark)).map((remark) => `${INDENT}- ${remark}`),
  ];
}

/** The limits and their reasons over time: the head, then a row whenever something worth reading changed (`+` began, `-` is over). */
export function* explained(states: Iterable<Evaluation>): Generator<string, void> {
  yield HEADINGS;
  let told: Evaluation | undefined;
  for (const state of states) {
    if (!isNews(told, state)) continue;
    yield row(state);
    yield* remarkLines(told, state);
    told = state;
  }
}
