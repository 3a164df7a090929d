// From the last byte of a battery to the wires: units on serial lines of their own (PTYs), the ear as the process it is, its
// report to this one, the evaluation, and then what a master reads and which frames go out.
import { setTimeout as rest } from 'node:timers/promises';
import { listenOrder } from '../../src/commands/listen-order.ts';
import { forkHead } from '../../src/forked.ts';
import type { PackSample } from '../../src/model/battery.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import type { Evaluating } from '../../src/wires/evaluation.ts';
import { keepEar } from '../../src/wires/kept-ear.ts';
import { noSocat } from '../modbus/wires.ts';
import { mute } from '../wires/lines.ts';
import { idOf } from './packs.ts';
import { judgedRow, type Part } from './row.ts';
import { type SerialUnit, serialUnit } from './serial-unit.ts';
import { openWires, planned, type Wires } from './wires.ts';

const PART = 'last BMS byte';
const PACKS = 4;
const CURRENT_MA = 0x0128;
/** Longer than an alarm is kept up, so that each is a new one. */
const CUT_OFF_EVERY_MS = 7500;
const BEAT_MS = 1000;
/** A frame's place in a beat of six. */
const GRAIN_MS = 100;

const LIMITS_FRAME = 0x351;
const VALUES_FRAME = 0x356;
const ALARMS_FRAME = 0x359;
const SHORT_CIRCUIT = 0x08;

const viewOf = ({ data }: CanFrame): DataView => new DataView(data.buffer, data.byteOffset, data.length);
const isZero = (frame: CanFrame): boolean => viewOf(frame).getInt32(2) === 0;

/** Follows each sample on its way; all times are from when the last byte was handed to the battery's line. */
function follow() {
  const toRegister: number[] = [];
  const toFrame: number[] = [];
  const toZero: number[] = [];
  /** Samples that no frame has told yet, with the bank's current at each. */
  let untold: { readonly saidAtMs: number; readonly currentA: number }[] = [];
  /** When the cut-off was said that no frame has told yet. */
  let cutAtMs: number | undefined;
  let isNowZero = false;
  let wrong: string | undefined;

  /** By unit, as it was last heard. */
  const heardA = new Map<SerialUnit, number>();

  function heard(unit: SerialUnit, { reading }: PackSample, wires: Wires): void {
    const atMs = monotonicMs();
    const told = wires.poll(CURRENT_MA, 2)?.getInt32(0);
    heardA.set(unit, reading.currentA ?? Number.NaN);
    if (told === undefined) return;
    const currentA = [...heardA.values()].reduce((a, b) => a + b, 0);
    if (Math.abs(told - currentA * 1000) > 1)
      wrong ??= `the registers say ${told} mA and the batteries ${currentA} A`;
    toRegister.push(atMs - unit.saidAtMs());
    untold.push({ saidAtMs: unit.saidAtMs(), currentA });
  }

  /** Before the bank hears of it: what is urgent leaves within the evaluation. */
  function cut(unit: SerialUnit, { reading }: PackSample): void {
    if (reading.alarms?.length) cutAtMs = unit.saidAtMs();
  }

  /** The current falls and falls: a frame tells every sample that is not below it. */
  function values(frame: CanFrame): void {
    const nowMs = monotonicMs();
    const currentA = viewOf(frame).getInt16(2, true) / 10;
    const isTold = (sample: { currentA: number }) => currentA <= sample.currentA + 0.01;
    toFrame.push(...untold.filter(isTold).map(({ saidAtMs }) => nowMs - saidAtMs));
    untold = untold.filter((sample) => !isTold(sample));
  }

  function alarms({ data }: CanFrame): void {
    if (cutAtMs === undefined || !((data[1] ?? 0) & SHORT_CIRCUIT) || !isNowZero) return;
    toZero.push(monotonicMs() - cutAtMs);
    cutAtMs = undefined;
  }

  return {
    toRegister,
    toFrame,
    toZero,
    wrong: () => wrong,
    cut,
    heard,
    frame(frame: CanFrame) {
      if (frame.id === LIMITS_FRAME) isNowZero = isZero(frame);
      if (frame.id === VALUES_FRAME) values(frame);
      if (frame.id === ALARMS_FRAME) alarms(frame);
    },
  };
}

export const path: Part = async function* ({ isQuick, say }) {
  if (noSocat) {
    yield { part: PART, what: 'all', missing: 'apt-get install socat' };
    return;
  }
  const forMs = isQuick ? 15_000 : 150_000;
  say(`last BMS byte, ${forMs / 1000} s`);
  const units = await Promise.all(Array.from({ length: PACKS }, (_, no) => serialUnit(no)));
  const plan = planned({ packs: PACKS, serials: units.map((unit) => unit.path) });
  const way = follow();
  const wires = openWires(plan, { onFrame: way.frame });
  const evaluation: Evaluating = {
    ...wires.evaluation,
    hear(battery, sample) {
      const unit = units.find((_, no) => idOf(no) === battery);
      if (unit) way.cut(unit, sample);
      const refused = wires.evaluation.hear(battery, sample);
      if (!refused && unit) way.heard(unit, sample, wires);
      return refused;
    },
  };
  const ear = keepEar({
    start: forkHead('ear'),
    listen: listenOrder(plan.config),
    clock: monotonicMs,
    evaluation: () => evaluation,
    ledger: mute,
    say() {},
    heardBack() {},
    trouble: say,
  });
  ear.start();
  const [first] = units;
  // Not at once: a bank that is not complete yet tells nobody anything.
  for (let leftMs = forMs; leftMs > 0; leftMs -= CUT_OFF_EVERY_MS) {
    await rest(CUT_OFF_EVERY_MS);
    first?.cutOff();
  }
  await ear.stop();
  wires.stop();
  await Promise.all(units.map(({ close }) => close()));
  const wrong = way.wrong();
  if (wrong) throw new Error(wrong);
  const head = (what: string) => ({
    part: PART,
    what,
    unit: 'ms',
    load: `${PACKS} packs of 16 cells at 1 Hz`,
  });
  yield judgedRow(head('→ registers'), way.toRegister, 'p99 ≤ 5', ({ p99 }) => p99 <= 5);
  yield judgedRow(
    head('→ next frame 0x356'),
    way.toFrame,
    'max ≤ one beat + 100',
    ({ max }) => max <= BEAT_MS + GRAIN_MS,
  );
  yield judgedRow(
    head('of a cut-off → frames 0x351 (zero) and 0x359'),
    way.toZero,
    'max ≤ 20',
    ({ max }) => max <= 20,
  );
};
