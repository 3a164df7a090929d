import { shapes, type Wire } from '../../bytes/field.ts';
import { signalSpec } from '../../model/signals.ts';
import { conditionText } from '../condition.ts';
import { slotName } from '../describe.ts';
import { meaning } from '../explain.ts';
import {
  type BitSlot,
  type BytesSlot,
  bytesOf,
  type CodeSlot,
  type NumberSlot,
  type PairSlot,
  type Slot,
  type TextSlot,
} from '../layout.ts';
import { invalidRaw } from '../number.ts';
import type { Profile } from '../schema.ts';
import type { DbcOrder, DbcSignal } from './dbc.ts';

/** A signal whose name may still be taken. */
type Drafts = readonly DbcSignal[];

const counts = { factor: 1, offset: 0, unit: '', signed: false } as const;

/** Decimal without the dust of binary fractions: 0.1 * 3 is 0.3. */
export const decimal = (n: number): number => Number(n.toPrecision(12)) + 0;

/** `bit` counts in the number, 0 the least. A big-endian number is named by its most significant bit. */
export function placeOf(
  at: number,
  as: Wire,
  bit = 0,
  size = shapes[as].bytes * 8,
): { start: number; size: number; order: DbcOrder } {
  const last = shapes[as].bytes - 1;
  if (last === 0 || as.endsWith('le')) return { start: at * 8 + bit, size, order: 'little' };
  const most = bit + size - 1;
  return { start: (at + last - (most >> 3)) * 8 + (most % 8), size, order: 'big' };
}

const mid = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

/** Lowest and highest of what can be told of a known value, before the wire holds it. */
function bounds({ from, half, modulo, min, max }: NumberSlot): [number, number] {
  if (modulo !== undefined) return [0, modulo - 1];
  const { unit, limit } = signalSpec(from);
  const percent = unit === '%';
  const positive = percent || half !== undefined || (limit === 'max' && unit !== 'V');
  const low = Math.max(min ?? Number.NEGATIVE_INFINITY, positive ? 0 : Number.NEGATIVE_INFINITY);
  return [low, Math.min(max ?? Number.POSITIVE_INFINITY, percent ? 100 : Number.POSITIVE_INFINITY)];
}

/** Lowest and highest physical value that is ever sent there. */
function rangeOf(slot: NumberSlot): { min: number; max: number } {
  const { as, scale, offset, instead = [], unknown } = slot;
  const edges = [shapes[as].min, shapes[as].max].map((raw) => raw * scale + offset);
  const [lowest, highest] = [Math.min(...edges), Math.max(...edges)];
  const others = [...instead.map(({ value }) => value), unknown].filter((v) => typeof v === 'number');
  const [low, high] = bounds(slot);
  return {
    min: decimal(mid(lowest, Math.min(low, ...others), highest)),
    max: decimal(mid(lowest, Math.max(high, ...others), highest)),
  };
}

const endings = { charge: '_charge', discharge: '_discharge' } as const;

const numberName = ({ from, index, half }: NumberSlot): string =>
  `${from}${half ? endings[half] : ''}${index === undefined ? '' : `_${index + 1}`}`;

function numberDraft(slot: NumberSlot, comment: string): Drafts {
  const { at, as, scale, offset, from, unknown } = slot;
  const invalid = invalidRaw(as);
  return [
    {
      name: numberName(slot),
      ...placeOf(at, as),
      signed: shapes[as].min < 0,
      ...(shapes[as].whole ? {} : { float: true }),
      factor: scale,
      offset,
      ...rangeOf(slot),
      unit: signalSpec(from).unit ?? '',
      comment,
      ...(unknown === 'invalid' && invalid !== undefined && { values: [[invalid, 'not available']] }),
    },
  ];
}

/** `alarm_…`, `warning_…`: what kind of condition raises it, where that is one kind. */
const prefixes = { alarms: 'alarm_', warnings: 'warning_', errors: '', faults: '' } as const;

/** The flag that alone raises it by being true. */
const onlyFlag = (slot: BitSlot | PairSlot): string | undefined =>
  !slot.inverted && slot.flags?.length === 1 && conditionText(slot) === slot.flags[0]
    ? slot.flags[0]
    : undefined;

function signName(slot: BitSlot | PairSlot): string {
  const flag = onlyFlag(slot);
  if (flag !== undefined) return flag;
  const lists = (['alarms', 'warnings', 'errors', 'faults'] as const).filter((key) => slot[key]);
  const [key] = lists;
  const names = key && slot[key];
  const own = slot.name ?? (Array.isArray(names) && names.length === 1 ? names[0] : undefined);
  const fallback = `${slot.kind}_${slot.at}_${slot.kind === 'bit' ? slot.bit : slot.pair}`;
  return lists.length === 1 && key ? `${prefixes[key]}${own ?? fallback}` : (own ?? fallback);
}

const bitDraft = (slot: BitSlot, comment: string): Drafts => [
  {
    ...counts,
    name: signName(slot),
    ...placeOf(slot.at, 'u8', slot.bit, 1),
    min: 0,
    max: 1,
    comment,
  },
];

const pairDraft = (slot: PairSlot, comment: string): Drafts => [
  {
    ...counts,
    name: signName(slot),
    ...placeOf(slot.at, 'u8', 2 * slot.pair, 2),
    min: 0,
    max: 3,
    comment,
    values: [
      [1, 'raised'],
      [2, 'clear'],
    ],
  },
];

/** Several conditions may lead to one value; the last word is what is said when none holds. */
function codeValues({ cases, else: otherwise }: CodeSlot): (readonly [number, string])[] {
  const texts = Map.groupBy(
    [
      ...cases.map((c) => ({ value: c.value, text: conditionText(c) })),
      { value: otherwise, text: 'otherwise' },
    ],
    ({ value }) => value,
  );
  return [...texts]
    .map(([value, all]) => [value, all.map(({ text }) => text).join(', or ')] as const)
    .sort(([a], [b]) => a - b);
}

function codeDraft(slot: CodeSlot, comment: string): Drafts {
  const place = placeOf(slot.at, slot.as, slot.bit, slot.size);
  return [
    {
      ...counts,
      name: slot.name ?? `code_${slot.at}`,
      ...place,
      signed: slot.size === undefined && shapes[slot.as].min < 0,
      min: 0,
      max: slot.size === undefined ? shapes[slot.as].max : 2 ** slot.size - 1,
      comment,
      values: codeValues(slot),
    },
  ];
}

/** One signal for each character: a wider one is no longer exact where a reader computes in floating point. */
const textDraft = ({ at, length, skip, from }: TextSlot, comment: string): Drafts =>
  Array.from({ length }, (_, i) => ({
    ...counts,
    name: `${from}_${skip + i + 1}`,
    ...placeOf(at + i, 'u8'),
    min: 0,
    max: 255,
    comment: `character ${skip + i + 1}; ${comment}`,
  }));

/** A byte that never changes has this one value as its range. */
const bytesDraft = (slot: BytesSlot, comment: string): Drafts =>
  [...bytesOf(slot)].map((byte, i, all) => ({
    ...counts,
    name: `${slot.name ?? `constant_${slot.at}`}${all.length > 1 ? `_${i + 1}` : ''}`,
    ...placeOf(slot.at + i, 'u8'),
    min: byte,
    max: byte,
    comment: `always ${byte}${comment ? `; ${comment}` : ''}`,
  }));

/** What the protocol calls it, and all that the profile says of it. */
function commentOf(slot: Slot, evidence: Profile['evidence']): string {
  const text = meaning(slot, evidence);
  return slot.name === undefined ? text : `${slotName(slot)}: ${text}`.replace(/: $/, '');
}

/** The signals of one entry, with the names that they would like to have. */
export function draftsOf(slot: Slot, evidence: Profile['evidence']): Drafts {
  const comment = commentOf(slot, evidence);
  switch (slot.kind) {
    case 'number':
      return numberDraft(slot, comment);
    case 'bit':
      return bitDraft(slot, comment);
    case 'pair':
      return pairDraft(slot, comment);
    case 'code':
      return codeDraft(slot, comment);
    case 'text':
      return textDraft(slot, comment);
    case 'bytes':
      return bytesDraft(slot, comment);
  }
}
