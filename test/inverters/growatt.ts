import type { CanFrame } from '../../src/model/can-frame.ts';
import { NOTHING, type Say, type SimulatedInverter, type Trip } from './room.ts';

const EVERY_MS = 1000;
/** Silence after which the link counts as lost; the maker does not say. */
const LOST_AFTER_MS = 5000;

/** Big-endian frames by id, and when each came. */
function frames(ids: readonly number[], wide: boolean) {
  const trips: Trip[] = [];
  const newest = new Map<number, { data: Uint8Array; atMs: number }>();
  const byte = (id: number, at: number) => newest.get(id)?.data[at] ?? 0;
  const unsigned = (id: number, at: number) => byte(id, at) * 256 + byte(id, at + 1);
  return {
    trips,
    newest,
    trip: (atMs: number, why: string) => void trips.push({ atMs, why }),
    byte,
    bit: (id: number, at: number, n: number) => Math.floor(byte(id, at) / 2 ** n) % 2 === 1,
    unsigned,
    signed: (id: number, at: number) => ((unsigned(id, at) + 0x8000) % 0x10000) - 0x8000,
    knows: () => ids.every((id) => newest.has(id)),
    oldestMs: () => Math.min(...ids.map((id) => newest.get(id)?.atMs ?? Number.NEGATIVE_INFINITY)),
    /** Takes a frame of the family; false where it is none or broken. */
    take({ id, extended, data }: CanFrame, atMs: number): boolean {
      if (extended !== wide || !ids.includes(id)) return false;
      if (data.length !== 8) trips.push({ atMs, why: `0x${id.toString(16)} has ${data.length} bytes` });
      if (data.length === 8) newest.set(id, { data, atMs });
      return data.length === 8;
    },
  };
}

const states = ['soft start', 'standby', 'charging', 'discharging'];

/**
 * An off-grid SPF with a lithium battery on CAN (CAN reference, 8.1; RS485 reference, sections 4 and 6): polls once a second, uses
 * a direction only while both enables of it are set, and cuts the output of the house when the battery does not answer.
 */
export function growattLvInverter(say: Say) {
  const on = frames([0x311, 0x312, 0x313, 0x314, 0x319, 0x320, 0x321], false);
  const { trips, trip, byte, bit, unsigned, signed } = on;
  let polledAtMs = Number.NEGATIVE_INFINITY;
  let dark = false;

  const volts = () => signed(0x313, 0) / 100;
  const cvlV = () => unsigned(0x311, 0) / 10;
  const absurd: readonly (readonly [string, () => boolean])[] = [
    ['a charge voltage that cannot be', () => cvlV() < 41 || cvlV() > 63],
    ['a battery of 48 V that has none', () => volts() < 40 || volts() > 60],
    ['a current that cannot be', () => Math.abs(signed(0x313, 2)) > 3000],
    ['a state of charge above 100 %', () => byte(0x313, 6) > 100],
    ['an unsafe battery', () => byte(0x313, 7) > 100],
    [
      'cells that cannot be',
      () =>
        unsigned(0x319, 1) > 3800 ||
        unsigned(0x319, 3) < 2000 ||
        unsigned(0x314, 4) !== unsigned(0x319, 1) - unsigned(0x319, 3),
    ],
    ['a fault of the battery', () => byte(0x312, 0) !== 0 || byte(0x312, 1) !== 0],
    ['open terminals', () => bit(0x311, 7, 7)],
  ];

  return {
    trips,
    hear(frame: CanFrame, atMs: number) {
      if (on.take(frame, atMs) && frame.id === 0x321 && on.knows())
        for (const [why, isSo] of absurd) if (isSo()) trip(atMs, why);
    },
    tick(nowMs: number) {
      if (nowMs - polledAtMs >= EVERY_MS) {
        polledAtMs = nowMs;
        say(0x301, [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);
      }
      const unanswered = on.knows() && nowMs - on.oldestMs() > LOST_AFTER_MS;
      if (unanswered && !dark) trip(nowMs, 'the house is dark');
      dark = unanswered;
    },
    allows() {
      if (!on.knows() || dark) return NOTHING;
      const isAllowed = (status: number, request: number) => bit(0x311, 7, status) && bit(0x319, 0, request);
      return {
        chargeA: isAllowed(6, 7) ? unsigned(0x311, 2) / 10 : 0,
        dischargeA: isAllowed(5, 6) ? unsigned(0x311, 4) / 10 : 0,
      };
    },
    isFaulty: () => bit(0x311, 7, 2),
    state: () => states[byte(0x311, 7) % 4],
    spState: () => Math.floor(byte(0x311, 6) / 4) % 4,
    wantsCharge: () => bit(0x319, 0, 5) || bit(0x319, 0, 4),
    volts,
    amps: () => signed(0x313, 2) / 10,
    degrees: () => signed(0x313, 4) / 10,
    socPct: () => byte(0x313, 6),
    packs: () => byte(0x312, 4),
    cvlV,
  } satisfies SimulatedInverter & Record<string, unknown>;
}

const DATA = [0x3110, 0x3120, 0x3130, 0x3140, 0x3150, 0x3160, 0x3170, 0x3180, 0x3190, 0x3200];
const TOLD = [...DATA, 0x3210, 0x3220, 0x3230, 0x3240, 0x3250, 0x3260, 0x3270, 0x3280, 0x3290, 0x3f00];

/**
 * A three-phase hybrid with an ARK battery (CAN reference, 8.2): beats, commands and tells the time once a second, and uses the
 * battery while it is told of no fault and the direction is not closed.
 */
export function growattHvInverter(say: Say) {
  const on = frames(TOLD, true);
  const { trips, trip, byte, bit, unsigned, signed } = on;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let beats = 0;
  let missed = false;

  const volts = () => unsigned(0x3130, 0) / 10;
  const chargeToV = () => unsigned(0x3110, 0) / 10;
  const dischargeToV = () => unsigned(0x3150, 0) / 10;
  const absurd: readonly (readonly [string, () => boolean])[] = [
    ['limits of voltage that cannot be', () => chargeToV() <= dischargeToV() || chargeToV() > 1000],
    ['a battery beyond its limits', () => volts() > chargeToV() + 5 || volts() < dischargeToV() - 5],
    ['a state of charge above 100 %', () => byte(0x3130, 6) > 100 || byte(0x3130, 7) > 100],
    ['cells that cannot be', () => unsigned(0x3190, 1) > 3800 || unsigned(0x3190, 3) < 2000],
    ['temperatures that cannot be', () => signed(0x3160, 6) > signed(0x3130, 4) || signed(0x3130, 4) > 1200],
    [
      'faults that have no flag',
      () =>
        on.newest
          .get(0x3120)
          ?.data.slice(0, 4)
          .some((b) => b > 0) === true && !bit(0x3110, 7, 2),
    ],
    ['a forced discharge', () => byte(0x3220, 4) !== 0],
    ['a battery that is not normal', () => !bit(0x3110, 6, 4)],
  ];

  function speak(nowMs: number): void {
    beats++;
    say(0x3010, [Math.floor(beats / 256) % 256, beats % 256, 0, 0, 0, 0, 0, 0], true);
    say(0x3020, [0xaa, 0xaa, 0, 0, 0, 0, 0, 0xaa], true);
    say(
      0x3030,
      [0x65, 0, Math.floor(nowMs / 256_000) % 256, Math.floor(nowMs / 1000) % 256, 0, 0, 0, 1],
      true,
    );
  }

  return {
    trips,
    hear(frame: CanFrame, atMs: number) {
      if (on.take(frame, atMs) && frame.id === 0x3f00 && on.knows())
        for (const [why, isSo] of absurd) if (isSo()) trip(atMs, why);
    },
    tick(nowMs: number) {
      if (nowMs - saidAtMs >= EVERY_MS) {
        saidAtMs = nowMs;
        speak(nowMs);
      }
      const missing = on.knows() && nowMs - on.oldestMs() > LOST_AFTER_MS;
      if (missing && !missed) trip(nowMs, 'no battery');
      missed = missing;
    },
    allows() {
      if (!on.knows() || missed || bit(0x3110, 7, 2)) return NOTHING;
      return {
        chargeA: bit(0x3110, 7, 6) ? 0 : unsigned(0x3110, 2) / 10,
        dischargeA: bit(0x3110, 7, 5) ? 0 : unsigned(0x3110, 4) / 10,
      };
    },
    /** Limits as they stand, whatever else stops it, A. */
    limits: () => ({ chargeA: unsigned(0x3110, 2) / 10, dischargeA: unsigned(0x3110, 4) / 10 }),
    closed: () => [bit(0x3110, 7, 6), bit(0x3110, 7, 5)],
    isFaulty: () => bit(0x3110, 7, 2),
    state: () => states[byte(0x3110, 7) % 4],
    volts,
    amps: () => signed(0x3130, 2) / 10,
    socPct: () => byte(0x3130, 6),
    cells: () => unsigned(0x3150, 4),
    modules: () => unsigned(0x3150, 6),
  } satisfies SimulatedInverter & Record<string, unknown>;
}
