import { shapes } from '../bytes/field.ts';
import { keyOf, type SignalName } from '../model/signals.ts';
import { caseOf, type Moment, raisedBy } from './condition.ts';
import {
  type BitSlot,
  type BytesSlot,
  bytesOf,
  type CodeSlot,
  type Layout,
  type NumberSlot,
  type PairSlot,
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
type Writer = (bytes: Uint8Array, moment: Moment) => SignalName | undefined;

function numeric(slot: NumberSlot): Writer {
  const write = numberWriter(slot);
  // A told SoC is made from the true one: that is the name to ask a person for.
  const name = slot.from === 'soc_told_pct' ? 'soc_pct' : slot.from;
  return (bytes, moment) => (write(bytes, moment) ? undefined : name);
}

function bit(slot: BitSlot): Writer {
  const raised = raisedBy(slot);
  const mask = 1 << slot.bit;
  return (bytes, moment) => {
    const others = (bytes[slot.at] ?? 0) & ~mask;
    bytes[slot.at] = raised(moment) ? others | mask : others;
    return undefined;
  };
}

const RAISED = 0b01;
const CLEAR = 0b10;

/** 01 raised, 10 clear (CAN reference, section 2, rule 8). */
function pair(slot: PairSlot): Writer {
  const raised = raisedBy(slot);
  const shift = 2 * slot.pair;
  return (bytes, moment) => {
    const others = (bytes[slot.at] ?? 0) & ~(0b11 << shift);
    bytes[slot.at] = others | ((raised(moment) ? RAISED : CLEAR) << shift);
    return undefined;
  };
}

function code(slot: CodeSlot): Writer {
  const { at, bit: shift = 0, size } = slot;
  const { get, set } = shapes[slot.as];
  const value = caseOf(slot.cases);
  const kept = size === undefined ? 0 : ~((2 ** size - 1) << shift);
  return (bytes, moment) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const told = value(moment) ?? slot.else;
    set(view, at, size === undefined ? told : (get(view, at) & kept) | (told << shift));
    return undefined;
  };
}

const padding = { nul: 0x00, space: 0x20 } as const;

/** ASCII, cut to its place; anything else becomes `?` (CAN reference, section 2, rule 5). */
export const asciiBytes = (text: string): number[] =>
  Array.from(text, (letter) => (/^[\x20-\x7e]$/.test(letter) ? letter.charCodeAt(0) : 0x3f));

/** A required text is one with at least one character. */
function text(slot: TextSlot): Writer {
  const key = keyOf(slot.from);
  const { at, length, skip } = slot;
  return (bytes, moment) => {
    const said = moment[key];
    const letters = typeof said === 'string' ? asciiBytes(said) : [];
    bytes.fill(padding[slot.pad], at, at + length);
    bytes.set(letters.slice(skip, skip + length), at);
    return slot.required && letters.length === 0 ? slot.from : undefined;
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
    case 'pair':
      return pair(slot);
    case 'code':
      return code(slot);
    case 'text':
      return text(slot);
    case 'bytes':
      return constant(slot);
  }
}

/** Turns a layout into a function, once, at load: names are resolved here, the beat only reads, scales and writes. */
export function compileLayout(layout: Layout): (moment: Moment) => Uint8Array | Incomplete {
  const writers = layout.slots.map(writerOf);
  return (moment) => {
    const bytes = new Uint8Array(layout.length).fill(layout.pad);
    const missing = writers.map((write) => write(bytes, moment)).filter((name) => name !== undefined);
    return missing.length ? { missing: [...new Set(missing)] } : bytes;
  };
}
