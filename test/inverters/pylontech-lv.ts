import type { CanFrame } from '../../src/model/can-frame.ts';
import type { Say, SimulatedInverter, Trip } from './room.ts';

/** How a brand of the family differs from the plain one (CAN reference, section 11). */
export interface Brand {
  /** Bytes of each frame that it reads; another length is a broken frame. */
  readonly lengths: Readonly<Record<number, number>>;
  /** Counts of a volt in 0x356. */
  readonly countsPerV: number;
  /** A current limit of 0 is not taken; the one before goes on. */
  readonly ignoresZero?: true;
  /** 0x355 and 0x356 hold the extremes of the cells, and the voltages must make sense. */
  readonly readsCells?: true;
}

export const plain: Brand = {
  lengths: { 849: 8, 853: 4, 854: 6, 857: 7, 860: 2, 862: 8 },
  countsPerV: 100,
};
const eight = { 849: 8, 853: 8, 854: 8, 857: 8, 860: 8, 862: 8, 889: 8 };
export const solArk: Brand = { lengths: eight, countsPerV: 10 };
export const luxPower: Brand = { lengths: eight, countsPerV: 100, readsCells: true };
export const sofar: Brand = { ...plain, ignoresZero: true };

const KEEP_ALIVE = 0x305;
const NO_BATTERY_AFTER_MS = 10_000;
const EVERY_MS = 1000;

/**
 * A 48 V hybrid set to Pylontech (CAN reference, sections 3, 11 and 13): obeys limits only while it is allowed to, stops on a
 * protection, raises W31 on a CVL near 0 V, misses the battery after 10 s, and says 0x305 once a battery is there.
 */
export function pylontechInverter(say: Say, { lengths, countsPerV, ignoresZero, readsCells }: Brand) {
  const trips: Trip[] = [];
  const newest = new Map<number, { data: Uint8Array; atMs: number }>();
  const limits = { chargeA: 0, dischargeA: 0 };
  let saidAtMs = Number.NEGATIVE_INFINITY;

  const trip = (atMs: number, why: string) => void trips.push({ atMs, why });
  const byte = (id: number, at: number) => newest.get(id)?.data[at] ?? 0;
  const unsigned = (id: number, at: number) => byte(id, at) + 256 * byte(id, at + 1);
  const signed = (id: number, at: number) => ((unsigned(id, at) + 0x8000) % 0x10000) - 0x8000;
  const bit = (id: number, at: number, n: number) => Math.floor(byte(id, at) / 2 ** n) % 2 === 1;
  const isThere = (nowMs: number) => nowMs - (newest.get(0x351)?.atMs ?? -1e9) < NO_BATTERY_AFTER_MS;
  const cvlV = () => unsigned(0x351, 0) / 10;

  function takeLimits(atMs: number): void {
    if (cvlV() < 40) {
      trip(atMs, 'W31: CVL near 0 V');
      return;
    }
    const [chargeA, dischargeA] = [signed(0x351, 2) / 10, signed(0x351, 4) / 10];
    if (chargeA < 0 || dischargeA < 0) trip(atMs, 'a negative limit');
    if (!ignoresZero || chargeA > 0) limits.chargeA = chargeA;
    if (!ignoresZero || dischargeA > 0) limits.dischargeA = dischargeA;
  }

  function judge(id: number, atMs: number): void {
    if (id === 0x351) takeLimits(atMs);
    const volts = signed(0x356, 0) / countsPerV;
    if (id === 0x356 && (volts < 40 || volts > 60)) trip(atMs, `a battery of ${volts} V`);
    if (id === 0x355 && unsigned(0x355, 0) > 100) trip(atMs, 'a state of charge above 100 %');
    if (readsCells && id === 0x355 && !(cell(6) > 2 && cell(4) < 4 && cell(4) >= cell(6)))
      trip(atMs, 'cells that cannot be');
    if (id === 0x359 && (byte(0x359, 0) || byte(0x359, 1))) trip(atMs, 'protection of the battery');
  }
  const cell = (at: number) => unsigned(0x355, at) / 1000;

  return {
    trips,
    hear({ id, extended, data }: CanFrame, atMs: number) {
      if (extended || !(id in lengths)) return;
      if (data.length !== lengths[id]) return trip(atMs, `0x${id.toString(16)} has ${data.length} bytes`);
      newest.set(id, { data, atMs });
      judge(id, atMs);
    },
    tick(nowMs: number) {
      if (newest.size === 0 || nowMs - saidAtMs < EVERY_MS) return;
      saidAtMs = nowMs;
      say(KEEP_ALIVE, Array(8).fill(0));
      if (!isThere(nowMs)) trip(nowMs, 'no battery');
    },
    allows(nowMs: number) {
      const stopped = !isThere(nowMs) || byte(0x359, 0) > 0 || byte(0x359, 1) > 0 || cvlV() < 40;
      return {
        chargeA: !stopped && bit(0x35c, 0, 7) ? limits.chargeA : 0,
        dischargeA: !stopped && bit(0x35c, 0, 6) ? limits.dischargeA : 0,
      };
    },
    /** Current limits as it took them, whatever else stops it, A. */
    limits: () => ({ ...limits }),
    warnings: () => [byte(0x359, 2), byte(0x359, 3)],
    chargesFromGrid: () => bit(0x35c, 0, 5) || bit(0x35c, 0, 4),
    batteryV: () => signed(0x356, 0) / countsPerV,
    batteryA: () => signed(0x356, 2) / 10,
    socPct: () => unsigned(0x355, 0),
    cvlV,
    modules: () => byte(0x359, 4),
    maker: () => String.fromCharCode(...(newest.get(0x35e)?.data ?? [])).trimEnd(),
  } satisfies SimulatedInverter & Record<string, unknown>;
}
