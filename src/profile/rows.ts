import { shapes } from '../bytes/field.ts';
import { toHex } from '../bytes/hex.ts';
import { keyOf, type SignalValues, signalSpec } from '../model/signals.ts';
import { isFrame, slotName } from './describe.ts';
import type { Path } from './document.ts';
import {
  type BitSlot,
  type BytesSlot,
  bitsOf,
  bytesOf,
  type CodeSlot,
  type Layout,
  type NumberSlot,
  type PairSlot,
  type Slot,
  sizeOf,
  type TextSlot,
} from './layout.ts';
import { readNumber } from './number.ts';
import { asTold } from './told.ts';

/** What stands in a stretch of bytes, as a person reads it. */
export interface Row {
  /** Bytes from the start of the layout. */
  readonly at: number;
  readonly length: number;
  /** The signal, or what the protocol calls it where no single signal stands behind it. */
  readonly label: string;
  /** `76 %`, `charge enable, discharge enable`, `"PYLON"`, `not available`. */
  readonly text: string;
  /** The entries of the profile that say so, each once. */
  readonly paths: readonly Path[];
}

const isNumber = (slot: Slot): slot is NumberSlot => slot.kind === 'number';
const isConstant = (slot: Slot): slot is BytesSlot => slot.kind === 'bytes';
const isSign = (slot: Slot): slot is BitSlot | PairSlot | CodeSlot =>
  slot.kind === 'bit' || slot.kind === 'pair' || slot.kind === 'code';

/** A told SoC that was made from the true one carries the true one's name. */
const labelOf = (slot: NumberSlot, given: SignalValues | undefined): string =>
  slot.from === 'soc_told_pct' && given && given.socToldPct === undefined ? 'soc_pct' : slot.from;

/** What follows from the state is known as well as what it says. */
const knows = (slot: NumberSlot, given: SignalValues): boolean =>
  asTold(given, 'hold')[keyOf(slot.from)] !== undefined;

function numberText(slot: NumberSlot, bytes: Uint8Array, given: SignalValues | undefined): string {
  const value = readNumber(slot, bytes);
  if (value === undefined) return 'not available';
  const unit = signalSpec(slot.from).unit;
  return `${value}${unit ? ` ${unit}` : ''}${given && !knows(slot, given) ? ' (not measured)' : ''}`;
}

const textOf = (slot: TextSlot, bytes: Uint8Array): string =>
  `"${String.fromCharCode(...bytes.subarray(slot.at, slot.at + slot.length)).replace(/[\0 ]+$/, '')}"`;

/** `constant`, or what stands there in its place: another battery has another one. */
function constantText(slots: readonly BytesSlot[], bytes: Uint8Array): string {
  const there = slots.map((slot) => toHex(bytes.subarray(slot.at, slot.at + sizeOf(slot))));
  return slots.every((slot, i) => toHex(bytesOf(slot)) === there[i])
    ? 'constant'
    : there.join(' ').toUpperCase();
}

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** The raw code in its bits, or in its whole wire. */
function codeIn({ at, as, bit = 0, size }: CodeSlot, bytes: Uint8Array): number {
  const raw = shapes[as].get(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at);
  return size === undefined ? raw : (raw >> bit) & (2 ** size - 1);
}

/** A raised bit or pair by its name, a code with its value. */
function signText(slot: BitSlot | PairSlot | CodeSlot, bytes: Uint8Array): string[] {
  if (slot.kind === 'code') return [`${slotName(slot)} ${codeIn(slot, bytes)}`];
  const raw = byteAt(bytes, slot.at);
  const raised = slot.kind === 'bit' ? (raw >> slot.bit) & 1 : (raw >> (2 * slot.pair)) & 3;
  return raised === 1 ? [slotName(slot)] : [];
}

type Words = Pick<Row, 'label' | 'text'>;

function words(slots: readonly Slot[], bytes: Uint8Array, given: SignalValues | undefined): Words {
  const numbers = slots.filter(isNumber);
  const signs = slots.filter(isSign);
  const [only] = slots;
  if (numbers.length)
    return {
      label: numbers.map((n) => labelOf(n, given)).join(', '),
      text: numbers.map((n) => numberText(n, bytes, given)).join(', '),
    };
  if (signs.length)
    return {
      label: 'bits',
      text: signs.flatMap((sign) => signText(sign, bytes)).join(', ') || 'none raised',
    };
  return only?.kind === 'text'
    ? { label: only.from, text: textOf(only, bytes) }
    : { label: only ? slotName(only) : '', text: constantText(slots.filter(isConstant), bytes) };
}

/** One row from the slots that begin in the same byte, or in the same register. */
const row = (
  slots: readonly Slot[],
  at: number,
  bytes: Uint8Array,
  given: SignalValues | undefined,
): Row => ({
  at,
  length: Math.max(...slots.map((s) => s.at + sizeOf(s))) - at,
  ...words(slots, bytes, given),
  paths: [...new Map(slots.map(({ path }) => [path.join('.'), path])).values()],
});

/** Everything that a layout's bytes say, in their order. `given` marks what was never measured; leave it out for bytes from a bus. */
export function rowsOf(layout: Layout, bytes: Uint8Array, given?: SignalValues): Row[] {
  const step = isFrame(layout) ? 1 : 2;
  const groups = Map.groupBy(layout.slots, (slot) => slot.at - (slot.at % step));
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([at, slots]) => row(slots.toSorted(inOrder), at, bytes, given));
}

/** Bits from the least, halves of a register from the high one. */
const inOrder = (a: Slot, b: Slot): number =>
  isSign(a) && isSign(b) ? b.at - a.at || bitsOf(a)[0] - bitsOf(b)[0] : a.at - b.at;
