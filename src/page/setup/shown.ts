// A battery as the wizard shows it: what it said, what stood in the file before, and what a person typed over both.
import { proposedIds } from '../../bank/proposed.ts';
import { proposedPackCurrents } from '../../bank/proposed-envelope.ts';
import type { SetupBattery } from '../../model/api/setup.ts';
import type { SetupReading } from '../../model/api/setup-air.ts';
import { draft, placeOf, typedNumber } from './wizard.ts';
import { s } from './words.ts';

/** What a person typed over what was read; absent is as it was read. */
export interface Typed {
  readonly id?: string;
  readonly capacity?: string;
  readonly chargeA?: string;
  readonly dischargeA?: string;
}

export interface Shown {
  readonly reading: SetupReading;
  readonly was: SetupBattery | undefined;
  readonly id: string;
  readonly cells: string;
  readonly capacity: string;
  readonly chargeA: string;
  readonly dischargeA: string;
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;
export const textOf = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** What it may carry, by its capacity and its own trip points. */
const currentsOf = ({ reading = {} }: SetupReading, capacityAh: number | undefined) =>
  proposedPackCurrents({
    id: '',
    cells: 1,
    capacityAh,
    chargeOverCurrentA: numberOf(reading.charge_over_current_A),
    dischargeOverCurrentA: numberOf(reading.discharge_over_current_A),
  });

export function shownOf(
  readings: readonly SetupReading[],
  typed: ReadonlyMap<string, Typed>,
): readonly Shown[] {
  const before = draft.value.batteries ?? [];
  const wasOf = (reading: SetupReading) => before.find((b) => placeOf(b) === placeOf(reading));
  const taken = readings.flatMap((reading) => wasOf(reading)?.id ?? []);
  const free = [...proposedIds(readings.length, taken)];
  return readings.map((reading) => {
    const was = wasOf(reading);
    const proposed = was?.id ?? free.shift() ?? '';
    const own = typed.get(placeOf(reading)) ?? {};
    const { cell_voltages_V, nominal_capacity_Ah } = reading.reading ?? {};
    const cells = listOf(cell_voltages_V).length || was?.cells;
    const capacity = own.capacity ?? textOf(was?.capacity_Ah ?? numberOf(nominal_capacity_Ah));
    const bears = currentsOf(reading, typedNumber(capacity));
    return {
      reading,
      was,
      id: own.id ?? proposed,
      cells: textOf(cells),
      capacity,
      chargeA: own.chargeA ?? textOf(was?.charge_current_A ?? bears.chargeA),
      dischargeA: own.dischargeA ?? textOf(was?.discharge_current_A ?? bears.dischargeA),
    };
  });
}

const isName = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id) && !(id in {});

const isCurrent = (typed: string): boolean => {
  const amperes = typedNumber(typed);
  return amperes !== undefined && amperes >= 0.1 && amperes <= 5000;
};

/** What keeps this battery from being taken, by field. */
export function mistakes({ id, cells, capacity, chargeA, dischargeA }: Shown, all: readonly Shown[]) {
  const isOwn = all.filter((other) => other.id === id).length === 1;
  const count = typedNumber(cells);
  const ampereHours = typedNumber(capacity);
  return {
    id: isName(id) && isOwn ? undefined : s('badName'),
    cells:
      count !== undefined && Number.isInteger(count) && count >= 1 && count <= 32 ? undefined : s('badCells'),
    capacity:
      ampereHours !== undefined && ampereHours > 0 && ampereHours <= 10_000 ? undefined : s('badCapacity'),
    chargeA: isCurrent(chargeA) ? undefined : s('badAmperes'),
    dischargeA: isCurrent(dischargeA) ? undefined : s('badAmperes'),
  };
}

/** Only what is known. */
const given = <T extends object>(from: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  // Only members with a value are left.
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** As the draft has it: what was typed over what was read, and what stood in the file before. */
export const batteryOf = ({
  reading,
  was,
  id,
  cells,
  capacity,
  chargeA,
  dischargeA,
}: Shown): SetupBattery => {
  const { bms, address, proxy, serial, unit } = reading;
  const { proxy: _, ...stays } = was ?? {};
  const numbers = {
    capacity_Ah: typedNumber(capacity),
    charge_current_A: typedNumber(chargeA),
    discharge_current_A: typedNumber(dischargeA),
  };
  return {
    ...stays,
    id,
    bms,
    ...(address !== undefined && { address }),
    ...(proxy !== undefined && { proxy }),
    ...(serial !== undefined && { serial }),
    ...(unit !== undefined && { unit }),
    cells: typedNumber(cells) ?? 0,
    ...given(numbers),
  };
};
