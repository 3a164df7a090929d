// What an inverter reads of the bank's limits and requests: each number to its count on the wire, each flag as its bit says it.
import { shapes } from '../bytes/field.ts';
import type { Stamped } from '../model/freshness.ts';
import { keyOf, type SignalValues } from '../model/signals.ts';
import { type AsRead, flagsRead, numbersRead, type ReadAtMs } from '../model/wire-health.ts';
import { type CompiledProfile, valuesFor } from './compile.ts';
import { type Moment, raisedBy } from './condition.ts';
import type { BitSlot, Layout, NumberSlot, Slot } from './layout.ts';
import { numberWriter, readNumber } from './number.ts';

type Read<V> = (moment: Moment) => V | undefined;
type FlagRead = (typeof flagsRead)[number];

/** Digits that a float on a wire has. */
const FLOAT_DIGITS = 7;

/** Written and read back; what stands there for an unknown value is no value. */
function numberRead(slot: NumberSlot): Read<number> {
  const here = { ...slot, at: 0 };
  const { bytes: length, whole } = shapes[slot.as];
  const bytes = new Uint8Array(length);
  const write = numberWriter(here);
  const key = keyOf(slot.from);
  return (moment) => {
    const value = moment[key] !== undefined && write(bytes, moment) ? readNumber(here, bytes) : undefined;
    return value === undefined || whole ? value : Number(value.toPrecision(FLOAT_DIGITS));
  };
}

interface Found {
  readonly layout: Layout;
  readonly slot: Slot;
}

/** One place of a quantity and the bytes that carry it. */
interface Place<V> extends Found {
  readonly read: Read<V>;
}

/** Every place of a number, the finest count first. */
const numberPlaces = (found: readonly Found[], name: string): Place<number>[] =>
  found
    .flatMap(({ layout, slot }) => (slot.kind === 'number' && slot.from === name ? [{ layout, slot }] : []))
    .toSorted((a, b) => Math.abs(a.slot.scale) - Math.abs(b.slot.scale))
    .map(({ layout, slot }) => ({ layout, slot, read: numberRead(slot) }));

type Sign = Pick<BitSlot, 'flags' | 'off' | 'zero'> & Parameters<typeof raisedBy>[0];

/** Bits, and codes that are set or not. */
const signsOf = (slot: Slot): readonly Sign[] =>
  slot.kind === 'bit' ? [slot] : slot.kind === 'code' && slot.cases.length === 1 ? slot.cases : [];

const limitOf: { readonly [F in FlagRead]?: string } = {
  charge_enable: 'charge_current_limit_A',
  discharge_enable: 'discharge_current_limit_A',
};

/** What a sign says of a flag: for this flag alone, for others beside it, or the contrary. */
function bearing(
  { flags = [], off = [], zero = [] }: Sign,
  name: FlagRead,
): 'own' | 'shared' | 'contrary' | undefined {
  if (flags[0] === name) return flags.length === 1 ? 'own' : 'shared';
  const isContrary =
    (off.length === 1 && off[0] === name) || (zero.length === 1 && zero[0] === limitOf[name]);
  return isContrary ? 'contrary' : undefined;
}

const not =
  (read: Read<boolean>): Read<boolean> =>
  (moment) =>
    !read(moment);

/** Every place of a flag, the plainest first. */
const flagPlaces = (found: readonly Found[], name: FlagRead): Place<boolean>[] =>
  (['own', 'shared', 'contrary'] as const).flatMap((wanted) =>
    found.flatMap(({ layout, slot }) =>
      signsOf(slot)
        .filter((sign) => bearing(sign, name) === wanted)
        .map((sign) => ({
          layout,
          slot,
          read: wanted === 'contrary' ? not(raisedBy(sign)) : raisedBy(sign),
        })),
    ),
  );

const slotsOf = ({ can, modbus, serial }: CompiledProfile): Found[] =>
  [...(can?.layouts ?? []), ...(modbus?.layouts ?? []), ...(serial?.layouts ?? [])].flatMap((layout) =>
    layout.slots.map((slot) => ({ layout, slot })),
  );

/** The state that was told in the bytes of a slot, and when; undefined where they were not told. */
export type SaidIn = (layout: Layout, slot: Slot) => Stamped<SignalValues> | undefined;

export interface Told {
  readonly told: AsRead;
  readonly atMs: ReadAtMs;
}

/**
 * Compiles what an inverter reads of the bytes that it was told: limits in V, A and W as rounded on the wire, the SoC in %. Absent is
 * what the profile has no place for, what was not told, and what the bank does not know.
 */
export function compileAsRead(compiled: CompiledProfile): (said: SaidIn) => Told {
  const values = valuesFor(compiled.profile, compiled.given);
  const found = slotsOf(compiled);
  const places: (readonly [string, readonly Place<number | boolean>[]])[] = [
    ...numbersRead.map((name) => [name, numberPlaces(found, name)] as const),
    ...flagsRead.map((name) => [name, flagPlaces(found, name)] as const),
  ];
  return (said) => {
    const moments = new Map<SignalValues, Moment>();
    const momentOf = (signals: SignalValues): Moment =>
      moments.get(signals) ?? kept(moments, signals, values(signals));
    const known = places.flatMap(([name, all]) => {
      for (const { layout, slot, read } of all) {
        const state = said(layout, slot);
        if (!state) continue;
        const value = read(momentOf(state.value));
        if (value !== undefined) return [{ name, value, atMs: state.atMs }];
      }
      return [];
    });
    return {
      told: Object.fromEntries(known.map(({ name, value }) => [name, value])),
      atMs: Object.fromEntries(known.map(({ name, atMs }) => [name, atMs])),
    };
  };
}

function kept<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}
