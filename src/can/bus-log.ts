// Who speaks on a bus: one row for each id, and what the controller says of errors. It has no socket and no clock.
import type { BusErrorKind } from '../model/api/wire-talk.ts';
import { errorKindOf } from './error-frame.ts';
import type { Overheard } from './port.ts';

/** More ids are not told apart: who sends all there are must not fill the memory. */
const MOST_IDS = 256;
/** A rate is that of so many looks. */
const RATE_LOOKS = 5;

type Identity = Pick<Overheard, 'id' | 'extended' | 'remote'>;

export interface IdHeard extends Identity {
  /** Of the last one. */
  readonly data: Uint8Array;
  readonly count: number;
  readonly perS: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

export interface ErrorHeard {
  readonly kind: BusErrorKind;
  readonly count: number;
  readonly lastAtMs: number;
}

export interface BusLog {
  readonly hear: (message: Overheard, atMs: number) => void;
  /** Once a second: rates are counted from look to look. */
  readonly look: (nowMs: number) => {
    readonly ids: readonly IdHeard[];
    /** Frames of ids beyond those that are told apart. */
    readonly beyond: number;
    readonly errors: readonly ErrorHeard[];
  };
}

interface Row extends Identity {
  data: Uint8Array;
  count: number;
  readonly firstAtMs: number;
  lastAtMs: number;
  /** Its count at each of the last looks. */
  readonly counts: number[];
}

/** As a number: it is made thousands of times a second. */
const keyOf = ({ id, extended, remote }: Identity): number => id * 4 + (extended ? 2 : 0) + (remote ? 1 : 0);

const newest = (list: number[], one: number): void => {
  list.push(one);
  if (list.length > RATE_LOOKS + 1) list.shift();
};

/** Frames a second since the oldest look that is kept; of a row that came later since the look before it. */
function rateOf({ counts }: Row, looksAtMs: readonly number[]): number {
  const isNew = counts.length < looksAtMs.length;
  const [base, since] = isNew
    ? [0, looksAtMs.at(-counts.length - 1) ?? 0]
    : [counts[0] ?? 0, looksAtMs[0] ?? 0];
  const spanMs = (looksAtMs.at(-1) ?? 0) - since;
  return spanMs > 0 ? (((counts.at(-1) ?? 0) - base) * 1000) / spanMs : 0;
}

/** `isKnown`: of those no row is made. */
export function busLog(isKnown: (one: Identity) => boolean, startedAtMs: number, most = MOST_IDS): BusLog {
  const rows = new Map<number, Row>();
  const errors = new Map<BusErrorKind, ErrorHeard>();
  const looksAtMs = [startedAtMs];
  let beyond = 0;

  function noteError({ id, data }: Overheard, atMs: number): void {
    const kind = errorKindOf(id, data);
    errors.set(kind, { kind, count: (errors.get(kind)?.count ?? 0) + 1, lastAtMs: atMs });
  }

  function begin({ id, extended, remote, data }: Overheard, atMs: number): void {
    if (rows.size >= most) {
      beyond++;
      return;
    }
    const row = { id, extended, remote, data, count: 1, firstAtMs: atMs, lastAtMs: atMs, counts: [] };
    rows.set(keyOf(row), row);
  }

  return {
    hear(message, atMs) {
      if (message.isError) return noteError(message, atMs);
      const row = rows.get(keyOf(message));
      if (!row) {
        if (!isKnown(message)) begin(message, atMs);
        return;
      }
      row.count++;
      row.data = message.data;
      row.lastAtMs = atMs;
    },
    look(nowMs) {
      newest(looksAtMs, nowMs);
      // What became known meanwhile, with another profile.
      for (const [key, row] of rows) if (isKnown(row)) rows.delete(key);
      const ids = Array.from(rows.values(), (row): IdHeard => {
        newest(row.counts, row.count);
        const { counts: _, ...heard } = row;
        return { ...heard, perS: rateOf(row, looksAtMs) };
      });
      return { ids, beyond, errors: [...errors.values()] };
    },
  };
}
