import type { BatteryReading } from '../../src/model/battery.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import type { Settings } from '../../src/profile/options.ts';
import { reading } from '../bank/room.ts';
import { shipped } from '../profile/profiles.ts';
import { theHouse } from '../wires/house.ts';

/** What an inverter will do to the battery at this moment, A, never negative. */
export interface Allowed {
  readonly chargeA: number;
  readonly dischargeA: number;
}

/** Something that stopped the inverter, or made it complain. */
export interface Trip {
  readonly atMs: number;
  readonly why: string;
}

/** An inverter as its reference describes it: it reads raw bytes by its own arithmetic, never through a profile. */
export interface Inverter {
  /** Ten times a second: timeouts, keep-alive, polls. */
  readonly tick: (nowMs: number) => void;
  readonly allows: (nowMs: number) => Allowed;
  readonly trips: readonly Trip[];
}

/** One that listens on CAN. */
export interface SimulatedInverter extends Inverter {
  readonly hear: (frame: CanFrame, atMs: number) => void;
}

/** The inverter's side of the wire. */
export type Say = (id: number, data: readonly number[], extended?: boolean) => void;

/** One look at the inverter. */
export interface Entry extends Allowed {
  readonly atMs: number;
}

const TICK_MS = 100;
export const NOTHING: Allowed = { chargeA: 0, dischargeA: 0 };

/** A diary of what one inverter in a house would do, ten entries a second. All on the clock of the house, cranked by hand. */
export function roomAround<I extends Inverter>(house: ReturnType<typeof theHouse>, inverter: I) {
  const diary: Entry[] = [];
  let lastTrueMs = Number.NaN;

  function until(ms: number): void {
    while (house.clock() < ms) {
      house.until(Math.min(ms, house.clock() + TICK_MS));
      inverter.tick(house.clock());
      diary.push({ atMs: house.clock(), ...inverter.allows(house.clock()) });
    }
  }

  return {
    inverter,
    house,
    diary,
    now: house.clock,
    until,
    /** Both packs answer now. */
    speak(value: BatteryReading = reading()) {
      house.speak(value);
      lastTrueMs = house.clock();
    },
    /** Time passes; both packs answer every two seconds. */
    speaking(seconds: number, value: () => BatteryReading = reading) {
      const endMs = house.clock() + seconds * 1000;
      for (; house.clock() < endMs; until(Math.min(endMs, house.clock() + 2000))) this.speak(value());
    },
    /** Time passes and no pack answers. */
    silent: (seconds: number) => until(house.clock() + seconds * 1000),
    /** When the packs answered last. */
    lastTrueMs: () => lastTrueMs,
    /** What the inverter would do from a moment on. */
    since: (ms: number) => diary.filter((entry) => entry.atMs > ms),
    /** What it would do now. */
    allows: () => inverter.allows(house.clock()),
    /** Why it tripped, each reason once. */
    whys: () => [...new Set(inverter.trips.map(({ why }) => why))],
  };
}

/** A house with two packs in parallel whose bank is told to one simulated inverter on CAN. */
export function theInverterRoom<I extends SimulatedInverter>(
  profile: string,
  make: (say: Say) => I,
  { settings = {}, bank = '' }: { settings?: Settings; bank?: string } = {},
) {
  const inverter = make((id, data, extended = false) => house.inverterSays(id, [...data], extended));
  const house: ReturnType<typeof theHouse> = theHouse({
    onCan: shipped(profile, settings),
    bank,
    onFrame: (frame, atMs) => inverter.hear(frame, atMs),
  });
  return roomAround(house, inverter);
}

export type InverterRoom<I extends SimulatedInverter> = ReturnType<typeof theInverterRoom<I>>;

/** What the bank of the house allows while all is well. */
export const WELL: Allowed = { chargeA: 95, dischargeA: 150 };
/** Both packs in series: a small high-voltage stack of 105.6 V, and what it allows. */
export const inSeries = { bank: '  strings: [[a, b]]' };
export const WELL_IN_SERIES: Allowed = { chargeA: 50, dischargeA: 100 };

/** The first moment at which the inverter would do more than a moment before. */
export const firstRise = (diary: readonly Entry[]): number | undefined =>
  diary.find(
    ({ chargeA, dischargeA }, i) =>
      chargeA > (diary[i - 1]?.chargeA ?? chargeA) || dischargeA > (diary[i - 1]?.dischargeA ?? dischargeA),
  )?.atMs;

/** Every different thing that it would do within a time, in order. */
export const courseOf = (diary: readonly Entry[], fromMs: number, toMs: number): Allowed[] =>
  diary
    .filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
    .map(({ chargeA, dischargeA }) => ({ chargeA, dischargeA }))
    .filter(
      (now, i, all) => now.chargeA !== all[i - 1]?.chargeA || now.dischargeA !== all[i - 1]?.dischargeA,
    );

/** The promise of the design, and one period of the profile. */
export const promisedMs = (everyMs: number): number => 25_000 + everyMs;

/**
 * The whole way of a bank: nobody was heard yet, all is well, two minutes without the batteries, all is well again.
 * Returns the moments at which each part began.
 */
export function walkTheLadder(room: Pick<InverterRoom<SimulatedInverter>, 'silent' | 'now' | 'speaking'>) {
  room.silent(10);
  const wellMs = room.now();
  room.speaking(30);
  const quietMs = room.now();
  room.silent(120);
  const backMs = room.now();
  room.speaking(90);
  return { wellMs, quietMs, backMs, lastTrueMs: wellMs + 28_000, endMs: room.now() };
}
