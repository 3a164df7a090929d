import { type FrameLayout, type Layout, type Slot, sizeOf } from './layout.ts';

/** What a frame or an answer is known by. */
interface Named {
  readonly id: number;
  readonly extended: boolean;
  readonly digits?: number | undefined;
}

/** `0x351`, eight digits for a 29-bit id. */
export const idText = ({ id, extended, digits = extended ? 8 : 3 }: Named): string =>
  `0x${id.toString(16).toUpperCase().padStart(digits, '0')}`;

/** `0x0100` */
export const addressText = (address: number): string =>
  `0x${address.toString(16).toUpperCase().padStart(4, '0')}`;

/** What a slot is called: the protocol's word, else the signal's. */
export function slotName(slot: Slot): string {
  if (slot.name !== undefined) return slot.name;
  switch (slot.kind) {
    case 'bit':
      return `bit ${slot.bit}`;
    case 'pair':
      return `pair ${slot.pair}`;
    case 'code':
      return 'code';
    case 'bytes':
      return 'constant';
    default:
      return slot.from;
  }
}

export const span = (first: number, last: number): string =>
  first === last ? `${first}` : `${first}–${last}`;

/** `byte 2–3 of 0x351` or `register 0x0112, high byte`. */
export const placeText = (layout: Layout, slot: Slot): string =>
  isFrame(layout)
    ? `byte ${span(slot.at, slot.at + sizeOf(slot) - 1)}${bitText(slot)} of ${idText(layout)}`
    : registerText(layout.from, slot);

export const isFrame = (layout: Layout): layout is FrameLayout => 'id' in layout;

/** ` bit 3`, ` bits 2–3`, or nothing for whole bytes. */
export function bitText(slot: Slot): string {
  if (slot.kind === 'bit') return ` bit ${slot.bit}`;
  if (slot.kind === 'pair') return ` bits ${span(2 * slot.pair, 2 * slot.pair + 1)}`;
  if (slot.kind !== 'code' || slot.size === undefined) return '';
  const { bit = 0, size } = slot;
  return size === 1 ? ` bit ${bit}` : ` bits ${span(bit, bit + size - 1)}`;
}

/** The bit of a 16-bit register, 0 the least. */
export const registerBit = (slot: { at: number; bit: number }): number => slot.bit + (slot.at % 2 ? 0 : 8);

function registerText(from: number, slot: Slot): string {
  const first = addressText(from + (slot.at >> 1));
  if (slot.kind === 'bit') return `register ${first} bit ${registerBit(slot)}`;
  if (slot.kind === 'code') return `register ${first}${bitText(slot)}`;
  if (slot.kind === 'number' && sizeOf(slot) === 1)
    return `register ${first}, ${slot.at % 2 ? 'low' : 'high'} byte`;
  const last = addressText(from + ((slot.at + sizeOf(slot) - 1) >> 1));
  return first === last ? `register ${first}` : `registers ${first} to ${last}`;
}
