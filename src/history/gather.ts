// Evaluations become minutes: one row of the bank and one of each battery for a minute in which it was measured.
import type { BankState, PackState } from '../model/bank-state.ts';
import type { Minute } from './columns.ts';
import { energyBetween } from './energy.ts';
import { isCounted, type MeasuredNow, measuredOfPack } from './measured.ts';
import { Tally } from './tally.ts';

export const MINUTE_MS = 60_000;
/** Between two values that lie further apart nobody knows what the power did. */
const LONGEST_GAP_MS = 60_000;
/** What the first value behind a gap stands for. */
const A_MOMENT_MS = 1;

/** A sample is stamped when it was asked for, and comes that much later. */
const SAMPLES_ON_THEIR_WAY_MS = 5000;

export const minuteOf = (wallMs: number): number => Math.floor(wallMs / MINUTE_MS);

/** Milliseconds since 1970 of a monotonic moment; undefined while the clock cannot be believed. */
export type Wall = (atMs: number) => number | undefined;

/** The value before, of the bank or a battery. */
interface Before {
  readonly atMs: number;
  readonly powerW: number | undefined;
}

/** The bank is measured when a battery of it was: evaluations come without any. */
const bankMomentMs = ({ packs }: BankState): number =>
  Math.max(...packs.filter(isCounted).map(({ sampleAtMs = Number.NEGATIVE_INFINITY }) => sampleAtMs));

const isReading = (pack: PackState): boolean =>
  isCounted(pack) && pack.reading !== undefined && pack.isPartial !== true;

export class Gather {
  /** By minute since 1970, then by battery; the bank is `undefined`. */
  readonly #open = new Map<number, Map<string | undefined, Tally>>();
  readonly #before = new Map<string | undefined, Before>();
  readonly #wall: Wall;

  constructor(wall: Wall) {
    this.#wall = wall;
  }

  /** A value is taken once, in the minute of its own stamp, however many evaluations repeat it. */
  take(state: BankState): void {
    if (isCounted(state)) this.#add(undefined, bankMomentMs(state), () => state.signals);
    else this.#before.delete(undefined);
    for (const pack of state.packs) {
      if (!isReading(pack)) this.#before.delete(pack.id);
      else if (pack.sampleAtMs !== undefined) this.#add(pack.id, pack.sampleAtMs, () => measuredOfPack(pack));
    }
  }

  /** The minutes that are over, each once; those that a clock set back left in its future are over too. */
  closed(wallMs: number): Minute[] {
    const [first, last] = [minuteOf(wallMs - SAMPLES_ON_THEIR_WAY_MS), minuteOf(wallMs)];
    return this.#closeWhere((minute) => minute < first || minute > last);
  }

  /** All that there is, half minutes too. */
  all(): Minute[] {
    return this.#closeWhere(() => true);
  }

  #closeWhere(isOver: (minute: number) => boolean): Minute[] {
    const over = [...this.#open.keys()].filter(isOver).sort((a, b) => a - b);
    return over.flatMap((minute) => this.#close(minute));
  }

  #close(minute: number): Minute[] {
    const rows = this.#open.get(minute) ?? new Map<string | undefined, Tally>();
    this.#open.delete(minute);
    return Array.from(rows, ([battery, tally]) => ({
      ...(battery !== undefined && { battery }),
      minute,
      coveredMs: Math.max(1, Math.round(tally.coveredMs)),
      values: tally.values(),
    }));
  }

  /** Most evaluations have news of one battery only, so that of the others is not worked out. */
  #add(battery: string | undefined, atMs: number, measure: () => MeasuredNow): void {
    const before = this.#before.get(battery);
    const wallMs = this.#wall(atMs);
    if (wallMs === undefined || !(atMs > (before?.atMs ?? Number.NEGATIVE_INFINITY))) return;
    const measured = measure();
    this.#before.set(battery, { atMs, powerW: measured.powerW });
    const sinceMs = before && atMs - before.atMs <= LONGEST_GAP_MS ? atMs - before.atMs : undefined;
    this.#tally(minuteOf(wallMs), battery).add(
      { ...measured, ...energySince(before, measured.powerW, sinceMs) },
      sinceMs ?? A_MOMENT_MS,
    );
  }

  #tally(minute: number, battery: string | undefined): Tally {
    const rows = this.#open.get(minute) ?? new Map<string | undefined, Tally>();
    this.#open.set(minute, rows);
    const tally = rows.get(battery) ?? new Tally();
    rows.set(battery, tally);
    return tally;
  }
}

/** All that came since the value before counts in the minute of the later one, so that no minute's end loses any. */
function energySince(before: Before | undefined, powerW: number | undefined, sinceMs: number | undefined) {
  const known = before?.powerW !== undefined && powerW !== undefined && sinceMs !== undefined;
  const energy = known ? energyBetween(before.powerW, powerW, sinceMs) : undefined;
  return { energyChargedKWh: energy?.chargedKWh, energyDischargedKWh: energy?.dischargedKWh };
}
