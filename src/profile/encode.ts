import { keyOf, type SignalKey, type SignalName, type SignalValues } from '../model/signals.ts';
import { conditionsOf } from './condition.ts';
import {
  type BitSlot,
  type BytesSlot,
  bytesOf,
  type Layout,
  type NumberSlot,
  type Slot,
  type TextSlot,
} from './layout.ts';
import { numberWriter } from './number.ts';

/** The required signals that are unknown: nothing may be said. */
export interface Incomplete {
  readonly missing: readonly SignalName[];
}

export const isIncomplete = (result: object): result is Incomplete => 'missing' in result;

/** Every part, or the names that any of them lacks: half a battery is never told. */
export function allOrMissing<T extends object>(
  parts: readonly (T | Incomplete)[],
): readonly T[] | Incomplete {
  const missing = parts.filter(isIncomplete).flatMap((part) => part.missing);
  if (missing.length) return { missing: [...new Set(missing)] };
  return parts.filter((part): part is T => !isIncomplete(part));
}

/** Writes its place; names the required signal that it lacks. */
type Writer = (bytes: Uint8Array, values: SignalValues) => SignalName | undefined;

const numberAt = (values: SignalValues, key: SignalKey): number | undefined => {
  const value = values[key];
  return typeof value === 'number' ? value : undefined;
};

function numeric(slot: NumberSlot): Writer {
  const write = numberWriter(slot);
  const key = keyOf(slot.from);
  // A told SoC is made from the true one: that is the name to ask a person for.
  const name = slot.from === 'soc_told_pct' ? 'soc_pct' : slot.from;
  return (bytes, values) => (write(bytes, numberAt(values, key)) ? undefined : name);
}

function bit(slot: BitSlot): Writer {
  const conditions = conditionsOf(slot);
  const mask = 1 << slot.bit;
  return (bytes, values) => {
    const others = (bytes[slot.at] ?? 0) & ~mask;
    bytes[slot.at] = conditions.some((holds) => holds(values)) ? others | mask : others;
    return undefined;
  };
}

const padding = { nul: 0x00, space: 0x20 } as const;

/** ASCII, cut to its place; anything else becomes `?` (CAN reference, section 2, rule 5). */
export const asciiBytes = (text: string): number[] =>
  Array.from(text, (letter) => (/^[\x20-\x7e]$/.test(letter) ? letter.charCodeAt(0) : 0x3f));

function text(slot: TextSlot): Writer {
  const key = keyOf(slot.from);
  return (bytes, values) => {
    const said = values[key];
    bytes.fill(padding[slot.pad], slot.at, slot.at + slot.length);
    if (typeof said === 'string') bytes.set(asciiBytes(said).slice(0, slot.length), slot.at);
    return undefined;
  };
}

function constant(slot: BytesSlot): Writer {
  const fixed = bytesOf(slot);
  return (bytes) => {
    bytes.set(fixed, slot.at);
    return undefined;
  };
}

function writerOf(slot: Slot): Writer {
  switch (slot.kind) {
    case 'number':
      return numeric(slot);
    case 'bit':
      return bit(slot);
    case 'text':
      return text(slot);
    case 'bytes':
      return constant(slot);
  }
}

/** Turns a layout into a function, once, at load: names are resolved here, the beat only reads, scales and writes. */
export function compileLayout(layout: Layout): (values: SignalValues) => Uint8Array | Incomplete {
  const writers = layout.slots.map(writerOf);
  return (values) => {
    const bytes = new Uint8Array(layout.length).fill(layout.pad);
    const missing = writers.map((write) => write(bytes, values)).filter((name) => name !== undefined);
    return missing.length ? { missing: [...new Set(missing)] } : bytes;
  };
}
