// What masters ask of each unit, told apart by function and range, in a table that never grows beyond its bounds.
import type { Asked } from '../model/wire-health.ts';

const MOST_PER_UNIT = 32;
/** A row that was not asked for this long gives its place to a new one, ms. */
const FORGOTTEN_MS = 600_000;

interface Row {
  readonly unit: number;
  readonly code: number;
  readonly range: Pick<Asked, 'first' | 'quantity'>;
  count: number;
  refused: number;
  exception: number | undefined;
  atMs: number;
}

export interface AskedTable {
  /** A Modbus request and what it was answered with, if it was. */
  readonly note: (unit: number, pdu: Uint8Array, reply: Uint8Array | undefined, atMs: number) => void;
  /** A question that names no range. */
  readonly noteCode: (unit: number, code: number, atMs: number) => void;
  readonly read: () => { readonly asked: readonly Asked[]; readonly others: number };
}

/** Function codes that name a range by address and quantity, and those that mean one register or coil. */
const ranged: ReadonlySet<number> = new Set([1, 2, 3, 4, 15, 16, 23]);
const single: ReadonlySet<number> = new Set([5, 6, 22]);

const NO_RANGE = -1;

/** Address and quantity in one number, so that a poll costs no text. */
function rangeOf(pdu: Uint8Array): number {
  const [fc = 0, a = 0, b = 0, c = 0, d = 0] = pdu;
  if (pdu.length < 5) return NO_RANGE;
  if (ranged.has(fc)) return ((a << 8) | b) * 0x10000 + ((c << 8) | d);
  return single.has(fc) ? ((a << 8) | b) * 0x10000 + 1 : NO_RANGE;
}

const rangeFields = (range: number): Row['range'] =>
  range === NO_RANGE ? {} : { first: Math.floor(range / 0x10000), quantity: range % 0x10000 };

/** The row that was not asked for longest, if that is long enough. */
function forgotten(rows: ReadonlyMap<number, Row>, nowMs: number): [number, Row] | undefined {
  const [first, ...more] = rows;
  const oldest = first && more.reduce((a, b) => (b[1].atMs < a[1].atMs ? b : a), first);
  return oldest && nowMs - oldest[1].atMs > FORGOTTEN_MS ? oldest : undefined;
}

export function askedTable(): AskedTable {
  const units = new Map<number, Map<number, Row>>();
  let others = 0;

  /** A place for a new row; undefined where there is none. */
  function placed(rows: Map<number, Row>, key: number, row: Row): Row | undefined {
    const old = rows.size < MOST_PER_UNIT ? undefined : forgotten(rows, row.atMs);
    if (rows.size >= MOST_PER_UNIT && !old) return undefined;
    if (old) {
      rows.delete(old[0]);
      others += old[1].count;
    }
    rows.set(key, row);
    return row;
  }

  function rowOf(unit: number, code: number, range: number, atMs: number): Row | undefined {
    const rows = units.get(unit) ?? new Map<number, Row>();
    if (rows.size === 0) units.set(unit, rows);
    // 32 bits of range, one value for none, and the code above them.
    const key = code * 0x200000000 + range + 1;
    const known = rows.get(key);
    if (known) return known;
    const range_ = rangeFields(range);
    return placed(rows, key, { unit, code, range: range_, count: 0, refused: 0, exception: undefined, atMs });
  }

  function note(unit: number, code: number, range: number, exception: number | undefined, atMs: number) {
    const row = rowOf(unit, code, range, atMs);
    if (!row) {
      others++;
      return;
    }
    row.count++;
    row.atMs = atMs;
    if (exception === undefined) return;
    row.refused++;
    row.exception = exception;
  }

  return {
    note(unit, pdu, reply, atMs) {
      const refused = ((reply?.[0] ?? 0) & 0x80) !== 0;
      note(unit, pdu[0] ?? 0, rangeOf(pdu), refused ? reply?.[1] : undefined, atMs);
    },
    noteCode: (unit, code, atMs) => note(unit, code, NO_RANGE, undefined, atMs),
    read: () => ({
      asked: [...units.values()].flatMap((rows) => [...rows.values()].map(told)),
      others,
    }),
  };
}

const told = ({ unit, code, range, count, refused, exception }: Row): Asked => ({
  unit,
  code,
  ...range,
  count,
  refused,
  ...(exception !== undefined && { exception }),
});
