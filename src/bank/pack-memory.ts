import type { BatteryReading } from '../model/battery.ts';
import type { Freshness, Stamped } from '../model/freshness.ts';
import type { CompleteReading } from './pack.ts';

/** What is remembered of one pack between evaluations. Plain JSON: it outlives a restart (design section 8). */
export interface PackMemory {
  readonly rung: Freshness;
  readonly held?: Stamped<CompleteReading>;
  /** The last sample of a pack of which none ever counted: it is shown, and nothing is computed with it. */
  readonly partial?: Stamped<BatteryReading>;
  /** Complete sets since the pack came back from stale or lost, and the stamp of the first. */
  readonly back?: { readonly sinceMs: number; readonly sets: number };
  /** Until one new complete set arrives the pack is at best *late*: the process was restarted. */
  readonly resumed?: true;
  /** Since when remaining capacity and every voltage have not moved; stamp of the first such sample. */
  readonly stillSinceMs?: number;
  /** The same, counted only while at least 1 A flows: that ought to move them. */
  readonly loadedSinceMs?: number;
  /** Since when another instrument disagrees with this still pack by more than 2 A. */
  readonly disputedSinceMs?: number;
  /** Cell temperatures, smoothed, sensor by sensor; undefined where there is none. */
  readonly smoothC?: readonly (number | undefined)[];
  /** What of the last sample that counted was not believed, by JSON name. */
  readonly dropped?: readonly string[];
  /** Why the last sample did not count. */
  readonly fault?: string;
  /** The pack is not the one that was configured. */
  readonly wrong?: true;
}
