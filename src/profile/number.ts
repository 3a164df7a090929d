import { type Field, type Rounding, readField, shapes, type Wire, writeField } from '../bytes/field.ts';
import { keyOf, signalSpec } from '../model/signals.ts';
import { caseOf, type Moment } from './condition.ts';
import type { NumberSlot } from './layout.ts';

/**
 * Which way a value between two counts goes (CAN reference, section 2, rules 1 and 2): limits to the safe side, SoC and SoH
 * that cannot show hundredths down, everything else to the nearest. A negative scale turns the counts, not the safety, round.
 */
export function roundingOf({ from, scale }: Pick<NumberSlot, 'from' | 'scale'>): Rounding {
  const { limit, unit } = signalSpec(from);
  if (limit) return (limit === 'max') === scale > 0 ? 'down' : 'up';
  return unit === '%' && Math.abs(scale) > 0.01 ? 'truncate' : 'nearest';
}

const fieldOf = (slot: NumberSlot): Field => ({
  at: slot.at,
  as: slot.as,
  scale: slot.scale,
  offset: slot.offset,
  round: roundingOf(slot),
});

/** The code that a wire type keeps for "unavailable": 0xFFFF, 0x8000, 0xFFFFFFFF, 0x80000000; others have none. */
export const invalidRaw = (as: Wire): number | undefined => {
  const { bytes, min, max, whole } = shapes[as];
  if (bytes === 1 || bytes === 8 || !whole) return undefined;
  return min < 0 ? min - 1 : max + 1;
};

type Told = (value: number) => number;

/** One direction of a current or a power, positive. */
const halves: { readonly [H in NonNullable<NumberSlot['half']>]: Told } = {
  charge: (value) => Math.max(0, value),
  discharge: (value) => Math.max(0, -value),
};

/** What is told of a known value: its half, within its bounds; percentages within 0…100, counters from 0 again at their modulo. */
function toldOf({ from, half, modulo, min, max }: NumberSlot): Told {
  const percent = signalSpec(from).unit === '%';
  const low = Math.max(min ?? Number.NEGATIVE_INFINITY, percent ? 0 : Number.NEGATIVE_INFINITY);
  const high = Math.min(max ?? Number.POSITIVE_INFINITY, percent ? 100 : Number.POSITIVE_INFINITY);
  const part = half ? halves[half] : (value: number) => value;
  return (value) => {
    if (modulo !== undefined) return ((Math.floor(value) % modulo) + modulo) % modulo;
    return Math.min(high, Math.max(low, part(value)));
  };
}

/** The signal, or the element of a row, if it is a number. */
function heldOf({ from, index }: NumberSlot): (moment: Moment) => number | undefined {
  const key = keyOf(from);
  return (moment) => {
    const held = moment[key];
    const value = Array.isArray(held) && index !== undefined ? held[index] : held;
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
}

/** The value to tell: of the first `instead` that holds, else the signal's own. */
function valueToTell(slot: NumberSlot): (moment: Moment) => number | undefined {
  const own = heldOf(slot);
  const told = toldOf(slot);
  const ownTold = (moment: Moment) => {
    const value = own(moment);
    return value === undefined ? undefined : told(value);
  };
  if (!slot.instead) return ownTold;
  const instead = caseOf(slot.instead);
  return (moment) => {
    const other = instead(moment);
    return typeof other === 'number' ? other : ownTold(moment);
  };
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Writes a number, or what the profile says of an unknown one; false when it is unknown and required. */
export function numberWriter(slot: NumberSlot): (bytes: Uint8Array, moment: Moment) => boolean {
  const field = fieldOf(slot);
  const { unknown, never, zero_raw: zeroRaw, at } = slot;
  const { get, set } = shapes[slot.as];
  const invalid = invalidRaw(slot.as) ?? 0;
  const value = valueToTell(slot);

  function put(bytes: Uint8Array, told: number): void {
    writeField(bytes, field, told);
    if (zeroRaw !== undefined && get(viewOf(bytes), at) === 0) set(viewOf(bytes), at, zeroRaw);
  }

  /** What lies at an edge is as forbidden as what lies beyond it. */
  function known(bytes: Uint8Array, told: number): boolean {
    put(bytes, told);
    return !never?.includes(get(viewOf(bytes), at));
  }

  return (bytes, moment) => {
    const told = value(moment);
    if (told !== undefined && known(bytes, told)) return true;
    if (unknown === undefined) return false;
    if (unknown === 'invalid') set(viewOf(bytes), at, invalid);
    else put(bytes, unknown);
    return true;
  };
}

/** What an inverter reads there; undefined when it reads "unavailable". */
export function readNumber(slot: NumberSlot, bytes: Uint8Array): number | undefined {
  const raw = readField(bytes, { at: slot.at, as: slot.as });
  return raw === invalidRaw(slot.as) ? undefined : readField(bytes, fieldOf(slot));
}
