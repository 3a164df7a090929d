import { openBus } from '../../src/can/bus.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';
import { type BankState, VALID_FOR_MS } from '../../src/model/bank-state.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import type { Freshness } from '../../src/model/freshness.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { type CompiledProfile, compileProfile } from '../../src/profile/compile.ts';
import { type CanOutput, canOutput } from '../../src/wires/can-output.ts';
import { type CrankedClock, crankedClock } from '../can/clock.ts';
import { taken } from '../profile/profiles.ts';
import { readLedger } from './lines.ts';

/** A profile with only its `can:` section to write. */
export const canProfile = (can: string, lost = 'hold'): string => `
id: small
version: '1.0.0'
title: a small family
inverters: [{ brand: none, models: none }]
evidence: vendor
lacks: [charge_voltage_limit_V, charge_current_limit_A, discharge_current_limit_A, soc_told_pct, voltage_V, current_A]
can:
  bitrate: 500000
${can}
lost: ${lost}
examples: [{ given: {}, then: {} }]
`;

/** Broadcast in three cadences after the inverter spoke; who it is once, and on request (CAN reference, 6.2). */
export const byd = canProfile(`
  every: 2s
  order: big
  starts: heard
  starts_with: [identity]
  frames:
    - { id: 0x2D0, length: 3, when_asked: [identity], constants: [{ at: 0, bytes: '42 59 44' }] }
    - { id: 0x3D0, length: 2, when_asked: [identity], part: { at: 0, value: 0 }, constants: [{ at: 1, bytes: '42' }] }
    - { id: 0x3D0, length: 2, when_asked: [identity], part: { at: 0, value: 1 }, constants: [{ at: 1, bytes: '61' }] }
    - { id: 0x110, length: 4, signals: [
        { at: 0, as: u16, from: charge_current_limit_A, scale: 0.1, required: true },
        { at: 2, as: u16, from: discharge_current_limit_A, scale: 0.1, required: true } ] }
    - { id: 0x150, length: 2, every: 10s, signals: [{ at: 0, as: u16, from: soc_pct, scale: 0.01, required: true }] }
    - { id: 0x190, length: 1, every: 60s, bits: [{ at: 0, bit: 0, alarms: any }] }
  receives:
    - { id: 0x151, where: [{ at: 0, is: 1, mask: 1 }], asks: [identity] }
    - { id: 0x151, where: [{ at: 0, is: 0, mask: 1 }] }
    - { id: 0x091, signals: [
        { at: 0, as: u16, means: inverter_voltage, scale: 0.1 },
        { at: 2, as: i16, means: inverter_current, scale: -0.1 } ] }
`);

/** Answers polls and nothing else, under 29-bit ids (CAN reference, 7). */
export const pylontechHv = canProfile(
  `
  every: 1s
  frames:
    - { id: 0x4210, extended: true, length: 1, when_asked: [ensemble], signals: [{ at: 0, as: u8, from: soc_pct, required: true }] }
    - { id: 0x4220, extended: true, length: 2, when_asked: [ensemble], signals: [{ at: 0, as: u16, from: charge_current_limit_A, scale: 0.1, required: true }] }
    - { id: 0x4280, extended: true, length: 1, when_asked: [ensemble], codes: [{ at: 0, cases: [{ value: 0xAA, zero: [charge_current_limit_A] }] }] }
    - { id: 0x7320, extended: true, length: 2, when_asked: [equipment], signals: [{ at: 0, as: u16, from: cells_in_series, required: true }] }
  receives:
    - { id: 0x4200, extended: true, where: [{ at: 0, is: 0 }], asks: [ensemble] }
    - { id: 0x4200, extended: true, where: [{ at: 0, is: 2 }], asks: [equipment] }
    - { id: 0x8200, extended: true, means: nothing, where: [{ at: 0, is: 0xAA }] }
`,
  'silent',
);

/** Answers polls, and closes its contactors on request (CAN reference, 9). */
export const solax = canProfile(
  `
  every: 1s
  phases: [announce, waiting, closed]
  starts: heard
  stops_after: 2s
  frames:
    - { id: 0x1875, extended: true, length: 1, when_asked: [data], codes: [{ at: 0, cases: [{ value: 1, phases: [closed] }] }] }
    - { id: 0x100A001, extended: true, length: 0, when_asked: [data], phases: [announce] }
    - { id: 0x1801, extended: true, length: 1, when_asked: [data], phases: [waiting], constants: [{ at: 0, bytes: '02' }] }
    - { id: 0x1881, extended: true, length: 1, when_asked: [serial], constants: [{ at: 0, bytes: '01' }] }
  receives:
    - { id: 0x1871, extended: true, where: [{ at: 0, is: 1 }], asks: [data], leads: { from: [waiting], to: closed } }
    - { id: 0x1871, extended: true, where: [{ at: 0, is: 2 }, { at: 2, is: 1 }, { at: 4, is: 1 }], asks: [data], leads: { from: [announce], to: waiting } }
    - { id: 0x1871, extended: true, where: [{ at: 0, is: 2 }, { at: 2, is: 1 }, { at: 4, is: 0 }], asks: [data], leads: { to: announce } }
    - { id: 0x1871, extended: true, means: nothing, where: [{ at: 0, is: 3 }] }
    - { id: 0x1871, extended: true, where: [{ at: 0, is: 5 }], asks: [serial] }
`,
  'silent',
);

/** Broadcast from the start, as most low-voltage families. */
export const plain = canProfile(`
  every: 1s
  frames:
    - { id: 0x351, length: 2, signals: [{ at: 0, as: u16, from: charge_current_limit_A, scale: 0.1, required: true }] }
  receives: [{ id: 0x305, silent_after: 5s }]
`);

export const wellBank: SignalValues = {
  socPct: 76,
  chargeCurrentLimitA: 50,
  dischargeCurrentLimitA: 100,
  cellsInSeries: 120,
};

const compiledTexts = new Map<string, CompiledProfile>();

/** Profiles are proven at each load; once is enough here. */
export function compiledOf(text: string): CompiledProfile {
  const compiled = compiledTexts.get(text) ?? compileProfile(taken(text));
  compiledTexts.set(text, compiled);
  return compiled;
}

interface HeardFrame {
  readonly atMs: number;
  readonly frame: CanFrame;
}

interface Room {
  readonly time?: CrankedClock;
  readonly signals?: SignalValues;
  /** `never`: the bank is not complete yet. */
  readonly freshness?: Freshness;
}

/** Inverters of these profiles on one bus, a bank as it is written, and a clock cranked by hand. */
export function theCanRoom(
  texts: readonly string[],
  { time = crankedClock(), signals = wellBank, freshness = 'fresh' }: Room = {},
) {
  const { ledger, log } = readLedger();
  const heard: HeardFrame[] = [];
  const bank = { signals, freshness, answersUntilMs: Number.POSITIVE_INFINITY };
  const line = memoryBus('can0');
  const replies: ((frame: CanFrame) => void)[] = [];
  const inverter = line.open({
    onFrame(frame) {
      heard.push({ atMs: time.clock(), frame });
      for (const reply of replies) reply(frame);
    },
    onFault: () => {},
  });
  function state(): BankState {
    const nowMs = Math.min(time.clock(), bank.answersUntilMs);
    return {
      sequence: nowMs,
      evaluatedAtMs: nowMs,
      validUntilMs: nowMs + VALID_FOR_MS,
      freshness: bank.freshness,
      sampleAtMs: nowMs,
      signals: { ...bank.signals, freshness: bank.freshness === 'never' ? 'fresh' : bank.freshness },
      packs: [],
      notices: [],
      reasons: { chargeVoltage: [], dischargeVoltage: [], chargeCurrent: [], dischargeCurrent: [] },
    };
  }
  const bus = openBus({
    line,
    clock: time.clock,
    after: time.after,
    onEvent: () => {},
    onFrame: (frame, atMs) => {
      for (const output of outputs) output.frame(frame, atMs);
    },
  });
  const ground = { ...time, state, ledger };
  const outputs: CanOutput[] = texts.flatMap((text, i) => {
    const plan = {
      id: `inverter ${i + 1}`,
      wire: { kind: 'can' as const, name: 'can0' },
      compiled: compiledOf(text),
    };
    return canOutput(plan, bus, ground) ?? [];
  });
  const [first] = outputs;
  if (!first) throw new Error('the profile speaks CAN');

  return {
    ...time,
    log,
    heard,
    bank,
    line,
    outputs,
    output: first,
    /** The simulated inverter answers what it hears. */
    reply: (to: (frame: CanFrame) => void) => void replies.push(to),
    says: (id: number, data: readonly number[] = [], extended = id > 0x7ff) =>
      inverter.send({ id, extended, data: Uint8Array.from(data) }),
    /** `[moment, id]` of every frame from a moment on. */
    since: (ms = 0) => heard.filter((h) => h.atMs >= ms).map((h) => [h.atMs, h.frame.id]),
    /** Ids of every frame from a moment on. */
    idsSince: (ms = 0) => heard.filter((h) => h.atMs >= ms).map((h) => h.frame.id),
    /** Moments at which an id was heard. */
    timesOf: (id: number) => heard.filter((h) => h.frame.id === id).map((h) => h.atMs),
    newest: (id: number) => heard.findLast((h) => h.frame.id === id)?.frame.data,
    texts: () => log.map(({ text }) => text),
  };
}

export type CanRoom = ReturnType<typeof theCanRoom>;
