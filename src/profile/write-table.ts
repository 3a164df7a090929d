import { type Field, readField } from '../bytes/field.ts';
import type { SignalValues } from '../model/signals.ts';
import type { Meaning, WritableSpec } from './schema.ts';

const wire = { u16: 'u16be', i16: 'i16be', u32: 'u32be', i32: 'i32be' } as const;

interface Entry {
  readonly address: number;
  readonly means: Meaning;
  readonly field: Field;
  /** Raw, until it is written. */
  readonly initial: number;
  /** A heartbeat that stands still for longer is lost. */
  readonly changesWithinMs: number;
}

/** The registers that a master may write, in one fixed order. */
export interface WriteTable {
  readonly addresses: readonly number[];
  /** By the order of addresses: the units that a register may be written at; undefined is all. */
  readonly units: readonly (readonly number[] | undefined)[];
  readonly entries: readonly Entry[];
}

/** What a master has written so far; held by the caller, changed only by `writeRegisters`. */
export interface WriteStore {
  /** By the table's order of addresses; 0 until written. */
  readonly words: Uint16Array;
  /** 1 once it was written, by the table's order of addresses. */
  readonly taken: Uint8Array;
  /** Moment of the last write and of the last change of value, monotonic ms, by meaning. */
  readonly heard: Map<Meaning, { readonly writtenAtMs: number; readonly changedAtMs: number }>;
}

const spanOf = (spec: WritableSpec): number[] =>
  spec.as.endsWith('32') ? [spec.at, spec.at + 1] : [spec.at];

export const compileWriteTable = (specs: readonly WritableSpec[]): WriteTable => ({
  addresses: specs.flatMap(spanOf),
  units: specs.flatMap((spec) => spanOf(spec).map(() => spec.units)),
  entries: specs.map(({ at, as, means, scale, initial, changes_within }) => ({
    address: at,
    means,
    field: { at: 0, as: wire[as], scale },
    initial,
    changesWithinMs: changes_within,
  })),
});

const wordsOf = ({ field, initial }: Entry): number[] =>
  field.as.includes('32') ? [initial >>> 16, initial & 0xffff] : [initial & 0xffff];

/** As nobody has written yet: 0 (RS485 reference, section 5) or what the map says. */
export const emptyStore = (table: WriteTable): WriteStore => ({
  words: Uint16Array.from(table.entries.flatMap(wordsOf)),
  taken: new Uint8Array(table.addresses.length),
  heard: new Map(),
});

/** What was written by another table, as far as this one has the same register with the same meaning. */
export function keptStore(
  table: WriteTable,
  { table: was, store }: { readonly table: WriteTable; readonly store: WriteStore },
): WriteStore {
  const kept = emptyStore(table);
  for (const entry of table.entries) {
    const { address, means, field } = entry;
    const old = was.entries.find(
      (e) => e.address === address && e.means === means && e.field.as === field.as,
    );
    const heard = old && store.heard.get(means);
    if (!heard) continue;
    kept.heard.set(means, heard);
    for (const [i] of wordsOf(entry).entries()) {
      const [to, from] = [table, was].map((t) => t.addresses.indexOf(address + i));
      if (to === undefined || from === undefined) continue;
      kept.words[to] = store.words[from] ?? 0;
      kept.taken[to] = store.taken[from] ?? 0;
    }
  }
  return kept;
}

/** May it be written at this unit? */
const owns = ({ units }: WriteTable, place: number, unit: number | undefined): boolean => {
  const owners = units[place];
  return owners === undefined || (unit !== undefined && owners.includes(unit));
};

/**
 * The word that was last written there; undefined when the register is not writable. One that belongs to certain units is
 * read back there once it was written; before, and at every other unit, the map has the word.
 */
export function writtenWord(
  table: WriteTable,
  store: WriteStore,
  address: number,
  unit?: number,
): number | undefined {
  const i = table.addresses.indexOf(address);
  if (i < 0 || (table.units[i] && !(store.taken[i] && owns(table, i, unit)))) return undefined;
  return store.words[i];
}

const bytesOf = (table: WriteTable, store: WriteStore, entry: Entry): Uint8Array => {
  const words = [0, 1].map((i) => store.words[table.addresses.indexOf(entry.address + i)] ?? 0);
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
};

const rawOf = (table: WriteTable, store: WriteStore, entry: Entry): number | undefined =>
  readField(bytesOf(table, store, entry), { at: 0, as: entry.field.as });

/**
 * Takes a write, all or nothing: false, and nothing is stored, when any register of it is not writable at this unit
 * (exception 02). Any 16-bit value is taken.
 */
export function writeRegisters(
  table: WriteTable,
  store: WriteStore,
  address: number,
  values: Uint16Array,
  nowMs: number,
  unit?: number,
): boolean {
  const places = Array.from(values, (_, i) => table.addresses.indexOf(address + i));
  if (places.length === 0 || places.some((place) => place < 0 || !owns(table, place, unit))) return false;
  const touched = table.entries.filter(
    (e) => e.address + (e.field.as.includes('32') ? 2 : 1) > address && e.address < address + values.length,
  );
  const before = touched.map((entry) => rawOf(table, store, entry));
  for (const [i, place] of places.entries()) {
    store.words[place] = values[i] ?? 0;
    store.taken[place] = 1;
  }
  for (const [i, entry] of touched.entries()) {
    const changed = rawOf(table, store, entry) !== before[i] || !store.heard.has(entry.means);
    const changedAtMs = changed ? nowMs : (store.heard.get(entry.means)?.changedAtMs ?? nowMs);
    store.heard.set(entry.means, { writtenAtMs: nowMs, changedAtMs });
  }
  return true;
}

/** The latest value of a meaning in its unit (V, A, s, or plain), and when it came; undefined until it is written. */
export function writtenValue(
  table: WriteTable,
  store: WriteStore,
  means: Meaning,
): { readonly value: number; readonly writtenAtMs: number; readonly changedAtMs: number } | undefined {
  const entry = table.entries.find((e) => e.means === means);
  const heard = store.heard.get(means);
  const value = entry && heard && readField(bytesOf(table, store, entry), entry.field);
  return heard && value !== undefined ? { value, ...heard } : undefined;
}

/** A master that once sent its heartbeat and does not change it any more is lost (RS485 reference, sections 5 and 7). */
export function heartbeatLost(table: WriteTable, store: WriteStore, nowMs: number): boolean {
  const heard = store.heard.get('inverter_heartbeat');
  const entry = table.entries.find(({ means }) => means === 'inverter_heartbeat');
  return entry !== undefined && heard !== undefined && nowMs - heard.changedAtMs > entry.changesWithinMs;
}

/** What a map may answer to: the mode that the inverter asks for, its initial one until it is written. */
export function signalsWritten(table: WriteTable, store: WriteStore): SignalValues {
  const entry = table.entries.find(({ means }) => means === 'inverter_mode');
  const mode = entry && readField(bytesOf(table, store, entry), entry.field);
  return mode === undefined ? {} : { inverterMode: mode };
}
