import { shapes, type Wire } from '../bytes/field.ts';
import { fromHex } from '../bytes/hex.ts';
import type { Path } from './document.ts';
import type { CanSpec, FrameSpec, ModbusSpec, When } from './schema.ts';

type Spec<K extends 'signals' | 'bits' | 'texts' | 'constants'> =
  | FrameSpec[K][number]
  | ModbusSpec[K][number];
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Where an entry stands: `at` counts bytes from the start of its layout, `path` leads to it in the file. */
interface Place {
  readonly at: number;
  readonly path: Path;
}

export type NumberSlot = Place & { readonly kind: 'number'; readonly as: Wire } & Without<
    Spec<'signals'>,
    'at' | 'as' | 'byte'
  >;
export type BitSlot = Place & { readonly kind: 'bit'; readonly bit: number } & Without<
    Spec<'bits'>,
    'at' | 'bit'
  >;
export type TextSlot = Place & { readonly kind: 'text' } & Without<Spec<'texts'>, 'at'>;
export type BytesSlot = Place & { readonly kind: 'bytes' } & Without<Spec<'constants'>, 'at'>;
export type Slot = NumberSlot | BitSlot | TextSlot | BytesSlot;

interface Stretch {
  readonly path: Path;
  readonly length: number;
  readonly pad: number;
  readonly when?: When | undefined;
  readonly slots: readonly Slot[];
}

export interface FrameLayout extends Stretch {
  readonly id: number;
  readonly extended: boolean;
  readonly title?: string | undefined;
}

export interface WindowLayout extends Stretch {
  /** First and last register. */
  readonly from: number;
  readonly to: number;
  readonly holes: 'zero' | 'refuse';
}

/** Bytes that are filled together: one CAN frame, or one window of registers read as one long big-endian frame. */
export type Layout = FrameLayout | WindowLayout;

const frameLayout = (spec: FrameSpec, path: Path): FrameLayout => ({
  path,
  id: spec.id,
  extended: spec.extended,
  title: spec.title,
  length: spec.length,
  pad: spec.pad,
  when: spec.when,
  slots: [
    ...spec.signals.map((s, i) => ({ ...s, kind: 'number' as const, path: [...path, 'signals', i] })),
    ...spec.bits.map((s, i) => ({ ...s, kind: 'bit' as const, path: [...path, 'bits', i] })),
    ...spec.texts.map((s, i) => ({ ...s, kind: 'text' as const, path: [...path, 'texts', i] })),
    ...spec.constants.map((s, i) => ({ ...s, kind: 'bytes' as const, path: [...path, 'constants', i] })),
  ],
});

/** Register words are big-endian, 32-bit values high word first. */
const registerWire = {
  u8: 'u8',
  i8: 'i8',
  u16: 'u16be',
  i16: 'i16be',
  u32: 'u32be',
  i32: 'i32be',
} as const satisfies Record<ModbusSpec['signals'][number]['as'], Wire>;

/** All register entries, `at` counted in bytes from register `from`. */
function registerSlots(spec: ModbusSpec, from: number): Slot[] {
  const at = (address: number): number => (address - from) * 2;
  return [
    ...spec.signals.map(({ byte, ...s }, i) => ({
      ...s,
      kind: 'number' as const,
      as: registerWire[s.as],
      at: at(s.at) + (byte === 'low' ? 1 : 0),
      path: ['modbus', 'signals', i],
    })),
    ...spec.bits.map((s, i) => ({
      ...s,
      kind: 'bit' as const,
      at: at(s.at) + (s.bit < 8 ? 1 : 0),
      bit: s.bit % 8,
      path: ['modbus', 'bits', i],
    })),
    ...spec.texts.map((s, i) => ({
      ...s,
      kind: 'text' as const,
      at: at(s.at),
      path: ['modbus', 'texts', i],
    })),
    ...spec.constants.map((s, i) => ({
      ...s,
      kind: 'bytes' as const,
      at: at(s.at),
      path: ['modbus', 'constants', i],
    })),
  ];
}

/** The schema has seen that these are whole bytes. */
export const bytesOf = (slot: Pick<BytesSlot, 'bytes'>): Uint8Array =>
  fromHex(slot.bytes) ?? new Uint8Array();

export const frameLayouts = (can: CanSpec): FrameLayout[] =>
  can.frames.map((spec, i) => frameLayout(spec, ['can', 'frames', i]));

export const windowLayouts = (modbus: ModbusSpec): WindowLayout[] =>
  modbus.windows.map(({ from, to, holes }, i) => {
    const length = (to - from + 1) * 2;
    const slots = registerSlots(modbus, from).filter((slot) => slot.at >= 0 && slot.at < length);
    return { path: ['modbus', 'windows', i], from, to, holes, length, pad: 0, slots };
  });

/** How many bytes a slot covers. */
export function sizeOf(slot: Slot): number {
  switch (slot.kind) {
    case 'number':
      return shapes[slot.as].bytes;
    case 'bit':
      return 1;
    case 'text':
      return slot.length;
    case 'bytes':
      return bytesOf(slot).length;
  }
}
