// A bank of two packs with inverters on their wires, all on a tape and on one clock that is cranked by hand; and somebody who
// listens on the wires by himself.

import { headLine } from '../../src/blackbox/head.ts';
import { readBox } from '../../src/blackbox/read-box.ts';
import { newRing } from '../../src/blackbox/ring.ts';
import type { Around, TapePiece } from '../../src/blackbox/tape.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';

import { parseGateway } from '../../src/config/gateway-file.ts';
import { newLedger } from '../../src/events/ledger.ts';
import { answerOrFault } from '../../src/modbus/answer.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { idText } from '../../src/profile/describe.ts';
import { startEvaluation } from '../../src/wires/evaluation.ts';
import { leavingsData } from '../../src/wires/left-data.ts';
import { openWire } from '../../src/wires/outputs.ts';
import { type Compared, playTape } from '../../src/wires/play-tape.ts';
import { serialOutput } from '../../src/wires/serial-voice.ts';
import { openTape, servedInverter } from '../../src/wires/tape.ts';
import { unitsOf } from '../../src/wires/units.ts';
import { isUrgent } from '../../src/wires/urgent.ts';
import { reading } from '../bank/room.ts';
import { crankedClock } from '../can/clock.ts';
import { planHere } from '../config/planned.ts';

const file = (inverter: string) => `
batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
  - { id: b, bms: jbd, address: "A4:C1:38:00:00:02", cells: 16, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
bank:
  strings: [[a], [b]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, ${inverter} }
`;

const hex = (bytes: Uint8Array | undefined) => (bytes ? Buffer.from(bytes).toString('hex') : 'silence');
export const frameText = (frame: CanFrame) => `${idText(frame)}#${hex(frame.data)}`;

export function tapedHouse(inverter: string) {
  const time = crankedClock(1_000_000.25);
  const { config, plans } = planHere(parseGateway('house.yaml', file(inverter)));
  const [plan] = plans;
  if (!plan) throw new Error('the inverter is planned');
  const ring = newRing({ spanMs: 720_000, mostBytes: 12e6, inverters: plans.map(servedInverter) });
  let isAway = false;
  const send = (piece: TapePiece) => {
    // As it goes from process to process.
    if (!isAway) ring.take(structuredClone(piece));
    return !isAway;
  };
  let around: Around = {};
  const left = () =>
    leavingsData(new Map([...(wire?.left() ?? []), ...outputs().map((o) => [o.id, o.left()] as const)]));
  const tape = openTape({
    ...time,
    send,
    say: () => {},
    now: () => ({ samples: evaluation.samples(), left: left() }),
    isWatched: () => true,
  });
  const line = memoryBus('can0');
  const frames: string[] = [];
  const peer = line.open({ onFrame: (frame) => void frames.push(frameText(frame)), onFault: () => {} });
  const ledger = newLedger('house', () => {});
  const ground = { ...time, tape, state: () => evaluation.state(), ledger, canLine: () => line };
  const units = plan.compiled.modbus && unitsOf([plan], ground, new Map());
  const serial = serialOutput(plan, ground);
  const wire = plan.compiled.can && openWire(plan.wire, [plan], ground);
  const outputs = () => [...(units?.outputs ?? []), ...(serial ? [serial] : []), ...(wire?.outputs ?? [])];
  const replies: string[] = [];
  let isOpen = false;
  const evaluation = startEvaluation({
    ...time,
    bank: config.bank,
    heard: tape.sampled,
    surroundings(nowMs) {
      const [seen] = isOpen ? outputs().flatMap((o) => o.outsideCurrentA() ?? []) : [];
      around = {
        faults: isOpen ? outputs().flatMap((o) => o.faults(nowMs)) : [],
        ...(seen && { outsideCurrentA: seen }),
      };
      return around;
    },
    publish(state, before) {
      if (isOpen) tape.evaluated(state, around);
      if (isOpen && isUrgent(before, state)) for (const output of outputs()) output.urgent();
    },
  });
  isOpen = true;

  return {
    ...time,
    plan,
    frames,
    replies,
    evaluation,
    inverterSays: peer.send,
    /** The office takes nothing for a while. */
    away: (is: boolean) => {
      isAway = is;
    },
    speak(value: BatteryReading = reading(), ids = ['a', 'b']) {
      for (const id of ids) evaluation.hear(id, { atMs: time.clock(), reading: value });
    },
    /** A master asks this unit. */
    ask(unit: number, request: Uint8Array): void {
      const slave = units?.slaves.get(unit);
      const reply = slave && answerOrFault(slave, request, false, undefined);
      units?.hooks.onObeyed?.(unit, request, reply);
      replies.push(hex(reply));
    },
    /** The master of a codec asks. */
    askCodec(ask: number, address: number): void {
      if (serial?.battery.speaks()) replies.push(hex(serial.battery.answer(ask, address)));
    },
    /** The file as it would be kept now, from this long ago on. */
    box(sinceMs = 600_000): string {
      tape.stop();
      const stretch = ring.since(time.clock() - sinceMs);
      if (!stretch) throw new Error('there is nothing on the tape');
      const head = {
        bank: config.bank,
        batteries: [],
        config: '',
        events: [],
        inverters: stretch.inverters,
        fromMs: stretch.fromMs,
        wall_minus_monotonic_ms: 0,
      };
      return headLine(head) + [...stretch.texts()].join('');
    },
  };
}

/** All that a box comes to when it is played. */
export function played(text: string): Compared[] {
  const box = readBox(text);
  if ('message' in box) throw new Error(`${box.line}: ${box.message}`);
  return [...playTape({ ...box.head, entries: box.entries })].flatMap(({ compared }) => compared ?? []);
}

export const others = (all: readonly Compared[]): Compared[] => all.filter(({ was, is }) => was !== is);
