import type { CanFrame } from '../../src/model/can-frame.ts';
import type { Say, SimulatedInverter, Trip } from './room.ts';

const LENGTHS: Readonly<Record<number, number>> = {
  ...{ 849: 8, 853: 6, 854: 6, 858: 8, 859: 8, 862: 8, 863: 8 },
};
const INHIBIT_MS = 200;
const MISSING_AFTER_MS = 60_000;
/** Name, byte, kind, accepted range and what stands for it before anything was accepted (SMA manual). */
const LIMITS = [
  ['chargeV', 0, 'unsigned', 41, 63, 54],
  ['chargeA', 2, 'signed', 0, 1200, 0],
  ['dischargeA', 4, 'signed', 0, 1200, 0],
  ['dischargeV', 6, 'unsigned', 41, 48, 41],
] as const;

interface Held {
  chargeV: number;
  chargeA: number;
  dischargeA: number;
  dischargeV: number;
}
const unset: Held = { chargeV: 54, chargeA: 0, dischargeA: 0, dischargeV: 41 };

/**
 * An SMA Sunny Island with an external BMS (CAN reference, section 5). It rejects what is out of range without a word, takes a
 * code for "invalid" as its default (a state of charge of 0), misses the battery after 60 s, stops on any alarm pair until
 * that says clear, only logs warnings, and wants nothing within 200 ms of the same. Off-grid it ignores the discharge limit.
 */
export function sunnyIsland(say: Say, { offGrid = false, ownTalk = true } = {}) {
  const trips: Trip[] = [];
  const rejected: string[] = [];
  const warnings = new Set<number>();
  const lastMs = new Map<number, number>();
  const alarms = new Set<number>();
  const held: Held = { ...unset };
  let socPct: number | undefined;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let failed = false;

  const word = (data: Uint8Array, at: number) => (data[at] ?? 0) + 256 * (data[at + 1] ?? 0);

  function takeLimits(data: Uint8Array): void {
    for (const [name, at, kind, low, high, byDefault] of LIMITS) {
      const raw = word(data, at);
      const value = (kind === 'signed' && raw > 0x7fff ? raw - 0x10000 : raw) / 10;
      const isInvalid = raw === (kind === 'signed' ? 0x8000 : 0xffff);
      if (isInvalid) held[name] = byDefault;
      else if (value < low || value > high) rejected.push(`${name} ${value}`);
      else held[name] = value;
    }
  }

  /** The hundredths count in place of the whole percents. */
  function takeSoc(data: Uint8Array, atMs: number): void {
    const raw = word(data, 4);
    if (raw === 0xffff) socPct = 0;
    else if (raw > 10_000) rejected.push(`SoC ${raw / 100}`);
    else socPct = raw / 100;
    if (socPct === 0) trips.push({ atMs, why: 'SoC 0: complete shutdown' });
  }

  function takePairs(data: Uint8Array, atMs: number): void {
    for (let n = 0; n < 16; n++) {
      const [alarm, warning] = [0, 4].map((side) => ((data[side + (n >> 2)] ?? 0) >> (2 * (n & 3))) & 3);
      if (alarm === 1 && !alarms.has(n)) trips.push({ atMs, why: `F${920 + n}` });
      if (alarm === 1) alarms.add(n);
      if (alarm === 2) alarms.delete(n);
      if (warning === 1) warnings.add(n);
      if (warning === 2) warnings.delete(n);
    }
  }

  const isMissing = (id: number, nowMs: number): boolean => {
    const atMs = lastMs.get(id);
    return atMs !== undefined && nowMs - atMs > MISSING_AFTER_MS;
  };

  function miss(nowMs: number): void {
    if (isMissing(0x351, nowMs)) Object.assign(held, unset);
    if (!failed && isMissing(0x355, nowMs)) {
      failed = true;
      socPct = 0;
      trips.push({ atMs: nowMs, why: 'F952: no battery, SoC 0' });
    }
  }

  return {
    trips,
    rejected,
    alarms,
    warnings,
    hear({ id, extended, data }: CanFrame, atMs: number) {
      if (extended || data.length !== LENGTHS[id]) {
        trips.push({ atMs, why: `0x${id.toString(16)} with ${data.length} bytes has no place on this bus` });
        return;
      }
      if (atMs - (lastMs.get(id) ?? -1e9) < INHIBIT_MS)
        trips.push({ atMs, why: `0x${id.toString(16)} within 200 ms` });
      lastMs.set(id, atMs);
      if (id === 0x351) takeLimits(data);
      if (id === 0x355) takeSoc(data, atMs);
      if (id === 0x35a) takePairs(data, atMs);
    },
    tick(nowMs: number) {
      miss(nowMs);
      if (!ownTalk || nowMs - saidAtMs < 1000) return;
      saidAtMs = nowMs;
      // 52.7 V, 12.5 A of discharge, 21.0 °C, 50.0 %; then state of health, procedure, operating, no error, 54.0 V
      say(0x305, [0x0f, 0x02, 0x7d, 0x00, 0xd2, 0x00, 0xf4, 0x01]);
      say(0x306, [0x64, 0x00, 10, 1, 0, 0, 0x1c, 0x02]);
    },
    /** Off-grid the house takes what it needs, here 30 A, whatever the limit says. */
    allows() {
      const stopped = failed || alarms.size > 0 || socPct === 0 || socPct === undefined;
      const dischargeA = offGrid ? 30 : held.dischargeA;
      return { chargeA: stopped ? 0 : held.chargeA, dischargeA: stopped ? 0 : dischargeA };
    },
    held: () => ({ ...held }),
    socPct: () => socPct,
    stops: () => alarms.size > 0 || failed || socPct === 0,
  } satisfies SimulatedInverter & Record<string, unknown>;
}
