import { shapes, type Wire } from '../bytes/field.ts';
import { fromHex } from '../bytes/hex.ts';
import type { Path } from './document.ts';
import type { Settings } from './options.ts';
import type { CanSpec, FrameSpec, ModbusSpec, When } from './schema.ts';

type Kind = 'signals' | 'lists' | 'bits' | 'pairs' | 'codes' | 'texts' | 'constants';
type Spec<K extends Kind> = FrameSpec[K][number];
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Where an entry stands: `at` counts bytes from the start of its layout, `path` leads to it in the file. */
interface Place {
  readonly at: number;
  readonly path: Path;
}

/** One number: a signal, or the element `index` of a row of numbers. */
export type NumberSlot = Place & {
  readonly kind: 'number';
  readonly as: Wire;
  readonly from: Spec<'signals'>['from'] | Spec<'lists'>['from'];
  readonly index?: number;
  /** Not the first of its row. */
  readonly again?: boolean;
} & Without<Spec<'signals'>, 'at' | 'as' | 'from'>;
export type BitSlot = Place & { readonly kind: 'bit'; readonly bit: number } & Without<
    Spec<'bits'>,
    'at' | 'bit' | 'as'
  >;
/** Two bits, the low one raised or the high one. */
export type PairSlot = Place & { readonly kind: 'pair' } & Without<Spec<'pairs'>, 'at'>;
/** A code in a whole wire, or in `size` bits of it from `bit` on. */
export type CodeSlot = Place & { readonly kind: 'code'; readonly as: Wire } & Without<
    Spec<'codes'>,
    'at' | 'as'
  >;
export type TextSlot = Place & { readonly kind: 'text' } & Without<Spec<'texts'>, 'at'>;
export type BytesSlot = Place & { readonly kind: 'bytes' } & Without<Spec<'constants'>, 'at'>;
export type Slot = NumberSlot | BitSlot | PairSlot | CodeSlot | TextSlot | BytesSlot;

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
  /** Hex digits of the id, where the bus is not CAN. */
  readonly digits?: number | undefined;
  readonly title?: string | undefined;
  /** Slower than the beat; undefined is every beat. */
  readonly every?: number | undefined;
  readonly when_asked?: readonly string[] | undefined;
  readonly phases?: readonly string[] | undefined;
  readonly part?: FrameSpec['part'];
  readonly optional?: true | undefined;
}

export interface WindowLayout extends Stretch {
  /** First and last register. */
  readonly from: number;
  readonly to: number;
  readonly holes: 'zero' | 'refuse';
  readonly functions: readonly (3 | 4)[];
}

/** Bytes that are filled together: one CAN frame, one stretch of an answer, or one window of registers read as one long big-endian frame. */
export type Layout = FrameLayout | WindowLayout;

export type ByteOrder = 'little' | 'big';

type Unordered = Spec<'signals'>['as'];

/** A wire without `le` or `be` lies as the family does. */
export function wireOf(as: Unordered, order: ByteOrder): Wire {
  switch (as) {
    case 'u16':
    case 'i16':
    case 'u32':
    case 'i32':
      return `${as}${order === 'little' ? 'le' : 'be'}`;
    default:
      return as;
  }
}

/** Each number of a row as a number of its own. */
const rowSlots = (
  { count, skip, ...row }: Omit<Spec<'lists'>, 'as'> & { readonly as: Wire },
  path: Path,
): NumberSlot[] =>
  Array.from({ length: count }, (_, i) => ({
    ...row,
    kind: 'number' as const,
    index: skip + i,
    again: i > 0,
    at: row.at + i * shapes[row.as].bytes,
    name: `${row.name ?? row.from} ${skip + i + 1}`,
    path,
  }));

/** The byte and the bit in it, where a bit of two bytes lies. */
function bitPlace({ at, as, bit }: Pick<Spec<'bits'>, 'at' | 'as' | 'bit'>, order: ByteOrder) {
  const highFirst = as !== 'u8' && wireOf(as, order) === 'u16be';
  return { at: at + (bit >= 8 === highFirst ? 0 : 1), bit: bit % 8 };
}

/** What a stretch of bytes holds, of a frame or of an answer. */
export function contentSlots(
  spec: Pick<FrameSpec, Kind> & { readonly part?: FrameSpec['part'] },
  path: Path,
  order: ByteOrder,
): Slot[] {
  const under = (key: string, i: number): Path => [...path, key, i];
  return [
    ...(spec.part ? [partSlot(spec.part, [...path, 'part'])] : []),
    ...spec.signals.map((s, i) => ({
      ...s,
      kind: 'number' as const,
      as: wireOf(s.as, order),
      path: under('signals', i),
    })),
    ...spec.lists.flatMap((s, i) => rowSlots({ ...s, as: wireOf(s.as, order) }, under('lists', i))),
    ...spec.bits.map(({ as, ...s }, i) => ({
      ...s,
      ...bitPlace({ ...s, as }, order),
      kind: 'bit' as const,
      path: under('bits', i),
    })),
    ...spec.pairs.map((s, i) => ({ ...s, kind: 'pair' as const, path: under('pairs', i) })),
    ...spec.codes.map((s, i) => ({
      ...s,
      kind: 'code' as const,
      as: wireOf(s.as, order),
      path: under('codes', i),
    })),
    ...spec.texts.map((s, i) => ({ ...s, kind: 'text' as const, path: under('texts', i) })),
    ...spec.constants.map((s, i) => ({ ...s, kind: 'bytes' as const, path: under('constants', i) })),
  ];
}

/** The byte that tells the contents of one id apart. */
const partSlot = ({ at, value }: NonNullable<FrameSpec['part']>, path: Path): BytesSlot => ({
  kind: 'bytes',
  at,
  bytes: value.toString(16).padStart(2, '0'),
  name: 'part',
  path,
});

function frameLayout(spec: FrameSpec, path: Path, order: ByteOrder, offset: number): FrameLayout {
  const { extended, title, length, pad, when, every, when_asked, phases, part, optional } = spec;
  const id = spec.id + offset;
  const slots = contentSlots(spec, path, order);
  return { path, id, extended, title, length, pad, when, every, when_asked, phases, part, optional, slots };
}

/** Register words are big-endian; of several the high one comes first unless the map says otherwise. */
const registerWire = {
  u8: ['u8', 'u8'],
  i8: ['i8', 'i8'],
  u16: ['u16be', 'u16be'],
  i16: ['i16be', 'i16be'],
  u32: ['u32be', 'u32lw'],
  i32: ['i32be', 'i32lw'],
  u64: ['u64be', 'u64be'],
} as const satisfies Record<ModbusSpec['signals'][number]['as'], readonly [Wire, Wire]>;

/** All register entries, `at` counted in bytes from register 0. */
function registerSlots(spec: ModbusSpec): Slot[] {
  const at = (address: number): number => address * 2;
  return [
    ...spec.signals.map(({ byte, words, ...s }, i) => ({
      ...s,
      kind: 'number' as const,
      as: registerWire[s.as][words === 'low_first' ? 1 : 0],
      at: at(s.at) + (byte === 'low' ? 1 : 0),
      path: ['modbus', 'signals', i],
    })),
    ...spec.lists.flatMap((s, i) =>
      rowSlots({ ...s, as: registerWire[s.as][0], at: at(s.at) }, ['modbus', 'lists', i]),
    ),
    ...spec.bits.map((s, i) => ({
      ...s,
      kind: 'bit' as const,
      at: at(s.at) + (s.bit < 8 ? 1 : 0),
      bit: s.bit % 8,
      path: ['modbus', 'bits', i],
    })),
    ...spec.codes.map((s, i) => ({
      ...s,
      kind: 'code' as const,
      as: 'u16be' as const,
      at: at(s.at),
      path: ['modbus', 'codes', i],
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

/** The byte order under these settings; one that no option names yet is little. */
export function orderOf({ order }: CanSpec, settings: Settings): ByteOrder {
  const chosen = typeof order === 'string' ? order : settings[order.option];
  return chosen === 'big' ? 'big' : 'little';
}

/** What is added to the ids of the frames under these settings. */
export function idOffsetOf({ id_offset }: CanSpec, settings: Settings): number {
  const chosen = id_offset ? settings[id_offset.option] : 0;
  return typeof chosen === 'number' ? Math.trunc(chosen) : 0;
}

/** Every frame as these settings lay it; without settings in little order at its own id. */
export const frameLayouts = (can: CanSpec, settings: Settings = {}): FrameLayout[] =>
  can.frames.map((spec, i) =>
    frameLayout(spec, ['can', 'frames', i], orderOf(can, settings), idOffsetOf(can, settings)),
  );

/** `at` of a slot counts from the first register of its window. */
export function windowLayouts(modbus: ModbusSpec): WindowLayout[] {
  const all = registerSlots(modbus);
  return modbus.windows.map(({ from, to, holes, functions }, i) => {
    const length = (to - from + 1) * 2;
    const slots = all
      .filter(({ at }) => at >= from * 2 && at < from * 2 + length)
      .map((slot) => ({ ...slot, at: slot.at - from * 2 }));
    return { path: ['modbus', 'windows', i], from, to, holes, functions, length, pad: 0, slots };
  });
}

/** How many bytes a slot covers. */
export function sizeOf(slot: Slot): number {
  switch (slot.kind) {
    case 'number':
    case 'code':
      return shapes[slot.as].bytes;
    case 'bit':
    case 'pair':
      return 1;
    case 'text':
      return slot.length;
    case 'bytes':
      return bytesOf(slot).length;
  }
}

/** First and last bit that a slot covers, counted from the least bit of the layout's first byte. */
export function bitsOf(slot: Slot): readonly [number, number] {
  const first = slot.at * 8;
  if (slot.kind === 'bit') return [first + slot.bit, first + slot.bit];
  if (slot.kind === 'pair') return [first + 2 * slot.pair, first + 2 * slot.pair + 1];
  if (slot.kind !== 'code' || slot.size === undefined) return [first, first + sizeOf(slot) * 8 - 1];
  return partOf(slot, slot.bit ?? 0, slot.size);
}

/** Some bits of a wire, where its byte order puts them; a part that crosses bytes claims them whole. */
function partOf(slot: CodeSlot, bit: number, size: number): readonly [number, number] {
  const last = bit + size - 1;
  const [low, high] = [bit >> 3, last >> 3];
  const placeOf = (byte: number) => slot.at + (slot.as.endsWith('le') ? byte : sizeOf(slot) - 1 - byte);
  if (low === high) return [placeOf(low) * 8 + (bit % 8), placeOf(low) * 8 + (last % 8)];
  const places = [placeOf(low), placeOf(high)];
  return [Math.min(...places) * 8, Math.max(...places) * 8 + 7];
}
