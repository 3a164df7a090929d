// The bank as it was when an event began, read with care: it comes from a file that may be older than this page.

export interface SnapshotPack {
  readonly id: string;
  readonly freshness?: string;
  readonly voltage_V?: number;
  readonly current_A?: number;
  readonly soc_pct?: number;
  /** Null is a sensor or cell that said nothing. */
  readonly cells_V: readonly (number | null)[];
  readonly temperatures_C: readonly (number | null)[];
}

export interface SnapshotView {
  readonly signals: readonly (readonly [name: string, value: number])[];
  readonly notices: readonly string[];
  readonly packs: readonly SnapshotPack[];
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const numbersIn = (value: unknown): (number | null)[] => listIn(value).map((one) => numberIn(one) ?? null);
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const members = (held: Json, names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = numberIn(held[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );

function packOf(held: Json): SnapshotPack {
  const freshness = textIn(held.freshness);
  return {
    id: String(held.id ?? ''),
    ...(freshness !== undefined && { freshness }),
    ...members(held, ['voltage_V', 'current_A', 'soc_pct']),
    cells_V: numbersIn(held.cell_voltages_V),
    temperatures_C: numbersIn(held.temperatures_C),
  };
}

/** What is shown first of the bank. */
const shown = [
  'voltage_V',
  'current_A',
  'soc_pct',
  'temperature_C',
  'min_cell_voltage_V',
  'max_cell_voltage_V',
  'charge_voltage_limit_V',
  'charge_current_limit_A',
  'discharge_current_limit_A',
  'discharge_voltage_limit_V',
];

export function snapshotView(snapshot: unknown): SnapshotView | undefined {
  if (!isObject(snapshot)) return undefined;
  return {
    signals: shown.flatMap((name) => {
      const value = numberIn(snapshot[name]);
      return value === undefined ? [] : [[name, value] as const];
    }),
    notices: listIn(snapshot.notices).flatMap((notice) => textIn(notice) ?? []),
    packs: listIn(snapshot.packs).filter(isObject).map(packOf),
  };
}

/** Heights of bars, 0 to 1, from 20 mV below the least to 20 mV above the greatest; null stays null. */
export function barHeights(
  cells: readonly (number | null)[],
  all: readonly (number | null)[],
): (number | null)[] {
  const known = all.filter((cell) => cell !== null);
  const [low, high] = [Math.min(...known) - 0.02, Math.max(...known) + 0.02];
  return cells.map((cell) => (cell === null ? null : (cell - low) / (high - low)));
}
