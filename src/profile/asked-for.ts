// What a master must ask for to be told what it may do: a limit, or how full the bank is.
import { numbersRead } from '../model/wire-health.ts';
import type { CompiledModbus } from './compile.ts';
import { type Slot, sizeOf } from './layout.ts';
import type { CompiledSerial } from './serial/compile.ts';

const names: ReadonlySet<string> = new Set([
  ...numbersRead.filter((name) => name !== 'heartbeat'),
  'soc_pct',
  'remaining_capacity_Ah',
]);

const matters = (slot: Slot): boolean => slot.kind === 'number' && names.has(slot.from);

/** Whether one of these registers holds such a number; of a map without any, all do. */
export function registersThatMatter({ layouts }: Pick<CompiledModbus, 'layouts'>) {
  const places = layouts.flatMap(({ from, functions, slots }) =>
    slots.filter(matters).map((slot) => ({
      functions,
      first: from + (slot.at >> 1),
      last: from + ((slot.at + sizeOf(slot) - 1) >> 1),
    })),
  );
  return (fc: number, address: number, quantity: number): boolean =>
    places.length === 0 ||
    places.some(
      ({ functions, first, last }) =>
        address <= last && address + quantity > first && functions.some((one) => one === fc),
    );
}

/** Whether the answer to a question of a codec holds one; where none does, all do. */
export function questionsThatMatter({ layouts }: Pick<CompiledSerial, 'layouts'>) {
  const asks = new Set(layouts.filter(({ slots }) => slots.some(matters)).map(({ id }) => id));
  return (ask: number): boolean => asks.size === 0 || asks.has(ask);
}
