import type { CanFrame } from '../../src/model/can-frame.ts';
import { NOTHING, type Say, type SimulatedInverter, type Trip } from './room.ts';

const EVERY_MS = 1000;
/** 0x110 is expected every 2 s; three that do not come are a lost battery. */
const LOST_AFTER_MS = 6500;
const IDENTITY = [0x250, 0x290, 0x2d0, 0x3d0];
const CYCLIC = [0x110, 0x150, 0x1d0, 0x210, 0x190];
const letters = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

/**
 * A high-voltage hybrid set to BYD (CAN reference, sections 6.2 and 13): asks who is there until it knows, then tells what it
 * measures, obeys 0x110 and misses it. `ignoresZero`: Deye and Solis go on with the limit before; only a full or an empty
 * battery stops them.
 */
export function bydInverter(say: Say, { ignoresZero = false }: { readonly ignoresZero?: boolean } = {}) {
  const trips: Trip[] = [];
  const newest = new Map<number, { data: Uint8Array; atMs: number }>();
  const name = new Map<number, string>();
  const times = new Map<number, number[]>();
  const limits = { chargeA: 0, dischargeA: 0 };
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let missed = false;

  const trip = (atMs: number, why: string) => void trips.push({ atMs, why });
  const byte = (id: number, at: number) => newest.get(id)?.data[at] ?? 0;
  const unsigned = (id: number, at: number) => byte(id, at) * 256 + byte(id, at + 1);
  const signed = (id: number, at: number) => ((unsigned(id, at) + 0x8000) % 0x10000) - 0x8000;
  const highestV = () => unsigned(0x110, 0) / 10;
  const lowestV = () => unsigned(0x110, 2) / 10;
  const batteryV = () => unsigned(0x1d0, 0) / 10;
  const socPct = () => unsigned(0x150, 0) / 100;
  const knows = () => IDENTITY.every((id) => newest.has(id)) && name.size === 4;
  const isThere = (nowMs: number) => nowMs - (newest.get(0x110)?.atMs ?? -1e9) < LOST_AFTER_MS;

  function takeLimits(atMs: number): void {
    if (highestV() <= lowestV() || lowestV() === 0) trip(atMs, 'limits of voltage that cannot be');
    const [dischargeA, chargeA] = [signed(0x110, 4) / 10, signed(0x110, 6) / 10];
    if (dischargeA < 0 || chargeA < 0) trip(atMs, 'a negative limit');
    if (!ignoresZero || chargeA > 0) limits.chargeA = chargeA;
    if (!ignoresZero || dischargeA > 0) limits.dischargeA = dischargeA;
  }

  function judge(id: number, data: Uint8Array, atMs: number): void {
    if (id === 0x110) takeLimits(atMs);
    if (id === 0x150 && socPct() > 100) trip(atMs, 'a state of charge above 100 %');
    if (id === 0x1d0 && byte(id, 6) !== 3) trip(atMs, 'the battery is not ready');
    if (id === 0x1d0 && (batteryV() > highestV() + 5 || batteryV() < lowestV() - 5))
      trip(atMs, `a battery of ${batteryV()} V`);
    if (id === 0x3d0) name.set(data[0] ?? -1, String.fromCharCode(...data.slice(1)));
  }

  /** Who it is, and what it measures at its terminals. */
  function speak(nowMs: number): void {
    say(0x151, [knows() ? 0 : 1, ...letters('FRONIUS')]);
    if (!knows()) return;
    say(0x091, [byte(0x1d0, 0), byte(0x1d0, 1), 0, 0, 0, 250]);
    say(0x0d1, [3, 0]);
    say(0x111, [0x65, 0, Math.floor(nowMs / 256_000) % 256, Math.floor(nowMs / 1000) % 256]);
  }

  return {
    trips,
    hear({ id, extended, data }: CanFrame, atMs: number) {
      if (extended || ![...IDENTITY, ...CYCLIC].includes(id)) return;
      if (data.length !== 8) return trip(atMs, `0x${id.toString(16)} has ${data.length} bytes`);
      newest.set(id, { data, atMs });
      times.set(id, [...(times.get(id) ?? []), atMs]);
      judge(id, data, atMs);
    },
    tick(nowMs: number) {
      if (nowMs - saidAtMs >= EVERY_MS) {
        saidAtMs = nowMs;
        speak(nowMs);
      }
      const missing = newest.has(0x110) && !isThere(nowMs);
      if (missing && !missed) trip(nowMs, 'no battery');
      missed = missing;
    },
    allows(nowMs: number) {
      if (!isThere(nowMs) || !knows()) return NOTHING;
      const [full, empty] = [ignoresZero && socPct() >= 100, ignoresZero && socPct() <= 0];
      return { chargeA: full ? 0 : limits.chargeA, dischargeA: empty ? 0 : limits.dischargeA };
    },
    batteryV,
    batteryA: () => signed(0x1d0, 2) / 10,
    socPct,
    highestV,
    /** Moments at which an id was heard. */
    heardAt: (id: number) => times.get(id) ?? [],
    maker: () => String.fromCharCode(...(newest.get(0x2d0)?.data ?? [])).replaceAll('\0', ''),
    product: () =>
      [0, 1, 2, 3]
        .map((part) => name.get(part) ?? '')
        .join('')
        .replaceAll('\0', ''),
  } satisfies SimulatedInverter & Record<string, unknown>;
}
