import { type Field, type Rounding, readField, shapes, type Wire, writeField } from '../bytes/field.ts';
import { signalSpec } from '../model/signals.ts';
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

/** The code that a wire type keeps for "unavailable": 0xFFFF, 0x8000, 0xFFFFFFFF, 0x80000000; a single byte has none. */
export const invalidRaw = (as: Wire): number | undefined => {
  const { bytes, min, max } = shapes[as];
  return bytes === 1 ? undefined : min < 0 ? min - 1 : max + 1;
};

/** Percentages first come into 0…100; counters start again at their modulo. */
function held(slot: NumberSlot, value: number): number {
  if (slot.modulo !== undefined) return ((value % slot.modulo) + slot.modulo) % slot.modulo;
  return signalSpec(slot.from).unit === '%' ? Math.min(100, Math.max(0, value)) : value;
}

/** Writes a number, or what the profile says of an unknown one; false when it is unknown and required. */
export function numberWriter(slot: NumberSlot): (bytes: Uint8Array, value: number | undefined) => boolean {
  const field = fieldOf(slot);
  const { unknown } = slot;
  const invalid = invalidRaw(slot.as) ?? 0;
  return (bytes, value) => {
    if (value !== undefined && Number.isFinite(value)) writeField(bytes, field, held(slot, value));
    else if (unknown === 'invalid')
      shapes[slot.as].set(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), slot.at, invalid);
    else if (unknown !== undefined) writeField(bytes, field, unknown);
    else return false;
    return true;
  };
}

/** What an inverter reads there; undefined when it reads "unavailable". */
export function readNumber(slot: NumberSlot, bytes: Uint8Array): number | undefined {
  const raw = readField(bytes, { at: slot.at, as: slot.as });
  return raw === invalidRaw(slot.as) ? undefined : readField(bytes, fieldOf(slot));
}
