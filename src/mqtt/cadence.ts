// How often each message goes out, and when Home Assistant stops believing it (Home Assistant reference, sections 5 and 7).

/** Null is "unknown": a key that is not there would make Home Assistant's templates complain. */
export type StateRow = Readonly<Record<string, number | string | null>>;

interface Cadence {
  readonly everyMs: number;
  /** Sooner when something changed, but never sooner than this after the last. */
  readonly gapMs?: number;
  /** How far a number must move to count as changed. */
  readonly step?: number;
}

export const cadences = {
  state: { everyMs: 10_000 },
  slow: { everyMs: 60_000 },
  /** A thousand cells each second would fill the recorder: a cell has changed when it moved by 2 mV. */
  cells: { everyMs: 60_000, gapMs: 10_000, step: 0.002 },
  /** What comes and goes each second is told every 5 s. */
  changes: { everyMs: 60_000, gapMs: 5000 },
  machine: { everyMs: 300_000 },
} as const satisfies Record<string, Cadence>;

export type RowName = keyof typeof cadences;

const MARGIN_S = 10;

/** Three times its interval and a margin, s. */
export const expireAfterS = (row: RowName): number => (3 * cadences[row].everyMs) / 1000 + MARGIN_S;

/** A row as it was last told. */
export interface Told {
  readonly atMs: number;
  readonly values: StateRow;
}

/** Counted in thousandths, so that 3.302 − 3.3 is 2 mV and not a hair less. */
const moved = (was: number, is: number, step: number): boolean =>
  Math.round(Math.abs(is - was) * 1e4) >= Math.round(step * 1e4);

function isChanged(was: StateRow, is: StateRow, step = 0): boolean {
  return Object.keys(is).some((key) => {
    const [before, now] = [was[key], is[key]];
    if (before === now) return false;
    return typeof before !== 'number' || typeof now !== 'number' || moved(before, now, step);
  });
}

/** False while it cannot be told, whatever its values are: they need not be looked at. */
export function mayBeDue(row: RowName, told: Told | undefined, nowMs: number): boolean {
  const { everyMs, gapMs = everyMs }: Cadence = cadences[row];
  return !told || nowMs - told.atMs >= gapMs;
}

/** True when this row is to be told now. */
export function isDue(row: RowName, told: Told | undefined, values: StateRow, nowMs: number): boolean {
  if (!told) return true;
  const { everyMs, step }: Cadence = cadences[row];
  if (nowMs - told.atMs >= everyMs) return true;
  return mayBeDue(row, told, nowMs) && isChanged(told.values, values, step);
}
