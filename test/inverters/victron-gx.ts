import type { CanFrame } from '../../src/model/can-frame.ts';
import type { Say, SimulatedInverter, Trip } from './room.ts';

const GX_KEEP_ALIVE = 0x305;
const GX_SEEN = 0x306;
const GX_NAME = 0x307;
const NAME = [0x12, 0x34, 0x56, 0x78, 0x56, 0x49, 0x43, 0x00];
const SILENT_AFTER_MS = 3000;
const KNOWN = new Set([
  ...[0x351, 0x355, 0x356, 0x35a, 0x35b, 0x35e, 0x35f, 0x360],
  ...Array.from({ length: 19 }, (_, i) => 0x370 + i),
]);

/** Pairs of 0x35A by their number; warnings count from 16 on. */
export const PAIR = { lowVoltage: 2, internal: 11, internalWarning: 27, status: 29 } as const;

/**
 * A Cerbo GX that controls chargers and inverter by the battery's word (CAN reference, section 4): stops when 0x351 is 3 s
 * late, dumps the battery on a CVL of 0, takes a pair of 00 or 11 for "not said", and stops charging on an under-voltage alarm.
 */
export function victronGx(say: Say) {
  const trips: Trip[] = [];
  const newest = new Map<number, { data: Uint8Array; atMs: number }>();
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let missedAtMs: number | undefined;

  const word = (id: number, at: number) => {
    const data = newest.get(id)?.data ?? [];
    return (data[at] ?? 0) + 256 * (data[at + 1] ?? 0);
  };
  const signed = (id: number, at: number) => ((word(id, at) + 0x8000) % 0x10000) - 0x8000;
  const text = (id: number) => String.fromCharCode(...(newest.get(id)?.data ?? [])).replace(/\0+$/, '');
  const isLate = (nowMs: number) => nowMs - (newest.get(0x351)?.atMs ?? -1e9) > SILENT_AFTER_MS;
  const cvlV = () => word(0x351, 0) / 10;
  /** 1 raised, 2 clear; 0 and 3 say nothing. */
  const pair = (n: number) =>
    Math.floor((newest.get(0x35a)?.data[Math.floor(n / 4)] ?? 0) / 4 ** (n % 4)) % 4;

  function watch(nowMs: number): void {
    const isMissed = newest.has(0x351) && isLate(nowMs);
    if (isMissed && missedAtMs === undefined) trips.push({ atMs: nowMs, why: 'no 0x351 for 3 s' });
    missedAtMs = isMissed ? (missedAtMs ?? nowMs) : undefined;
  }

  return {
    trips,
    hear({ id, extended, data }: CanFrame, atMs: number) {
      if (extended || !KNOWN.has(id)) {
        trips.push({ atMs, why: `0x${id.toString(16)} is no frame of this family` });
        return;
      }
      if (data.length !== 8) trips.push({ atMs, why: `0x${id.toString(16)} has ${data.length} bytes` });
      newest.set(id, { data, atMs });
      if (id === 0x351 && cvlV() === 0) trips.push({ atMs, why: 'CVL 0: the battery is dumped' });
    },
    tick(nowMs: number) {
      watch(nowMs);
      if (nowMs - saidAtMs < 1000) return;
      saidAtMs = nowMs;
      say(GX_KEEP_ALIVE, Array(8).fill(0));
      say(GX_NAME, NAME);
      if (newest.size > 0) say(GX_SEEN, Array(8).fill(0));
    },
    allows(nowMs: number) {
      const stopped = isLate(nowMs) || cvlV() === 0;
      return {
        chargeA: stopped || pair(PAIR.lowVoltage) === 1 ? 0 : signed(0x351, 2) / 10,
        dischargeA: stopped ? 0 : signed(0x351, 4) / 10,
      };
    },
    pair,
    text,
    cvlV,
    isMissing: () => missedAtMs !== undefined,
    raised: () => Array.from({ length: 32 }, (_, n) => n).filter((n) => pair(n) === 1),
    unsaid: () => Array.from({ length: 32 }, (_, n) => n).filter((n) => pair(n) === 0 || pair(n) === 3),
    battery: () => ({
      socPct: word(0x355, 4) / 100,
      volts: signed(0x356, 0) / 100,
      amps: signed(0x356, 2) / 10,
      celsius: signed(0x356, 4) / 10,
      lowestCellV: word(0x373, 0) / 1000,
      highestCellV: word(0x373, 2) / 1000,
      coldestC: word(0x373, 4) - 273,
      stringsOnline: word(0x372, 0),
      installedAh: word(0x379, 0),
    }),
  } satisfies SimulatedInverter & Record<string, unknown>;
}
