// What a first start proposes, for a person to accept or to correct: names and strings, and what these make.

/** What is known of a pack before it has a place. Currents in A, both positive; cells in series. */
export interface KnownPack {
  readonly id: string;
  readonly cells: number;
  readonly capacityAh?: number | undefined;
  readonly voltageV?: number | undefined;
  /** The trip points of its BMS. */
  readonly chargeOverCurrentA?: number | undefined;
  readonly dischargeOverCurrentA?: number | undefined;
  /** What a person said that it bears. */
  readonly chargeCurrentA?: number | undefined;
  readonly dischargeCurrentA?: number | undefined;
}

export type Strings = readonly (readonly string[])[];

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The first names that are free: a, b … z, then b27, b28 … */
export function proposedIds(count: number, taken: readonly string[] = []): readonly string[] {
  const ids: string[] = [];
  for (let n = 0; ids.length < count; n++) {
    const id = LETTERS[n] ?? `b${n + 1}`;
    if (!taken.includes(id)) ids.push(id);
  }
  return ids;
}

/** A pack of at least this many cells is a bank by itself: nobody sells inverters for two of them in series without saying so. */
const WHOLE_CELLS = 13;
/** What the inverters of houses and boats are made for, the usual first: 48 V, 24 V, 12 V of LFP. */
const BANK_CELLS = [16, 15, 8, 4] as const;

/** How many equal packs make one string. */
function packsInSeries(count: number, cells: number): number {
  if (cells >= WHOLE_CELLS) return 1;
  const fitting = BANK_CELLS.map((total) => total / cells).find(
    (n) => Number.isInteger(n) && n <= count && count % n === 0,
  );
  return fitting ?? 1;
}

const inGroups = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** Packs in series by what they are, strings of them in parallel. Packs of unequal cells cannot be parallel: those are left as they come, all in one string. */
export function proposedStrings(packs: readonly KnownPack[]): Strings {
  const [first] = packs;
  if (!first) return [];
  const ids = packs.map(({ id }) => id);
  if (packs.some(({ cells }) => cells !== first.cells)) return [ids];
  return inGroups(ids, packsInSeries(packs.length, first.cells));
}

/** What strings make together. */
export interface MadeBank {
  readonly cells: number;
  readonly nominalV?: number;
  /** As measured; absent where a pack of the first string was not read. */
  readonly voltageV?: number;
  /** Absent where a capacity is not known. */
  readonly capacityAh?: number;
  /** Why these strings cannot stand in parallel. */
  readonly trouble?: StringTrouble;
}

export type StringTrouble =
  | { readonly kind: 'cells'; readonly string: number; readonly cells: number; readonly firstCells: number }
  /** They would push a current into each other that nothing limits. */
  | { readonly kind: 'voltage'; readonly string: number; readonly voltageV: number; readonly firstV: number };

/** Strings that differ by more than this per cell are not joined: 16 cells, 0.8 V. */
const APART_V_PER_CELL = 0.05;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The sum, or undefined where one is not known. */
export function known<T>(
  items: readonly T[],
  of: (item: T) => number | undefined,
  join: (v: number[]) => number,
) {
  const values = items.map(of);
  return values.every((value) => value !== undefined) && values.length > 0 ? join(values) : undefined;
}

interface MadeString {
  readonly cells: number;
  readonly voltageV: number | undefined;
  readonly capacityAh: number | undefined;
}

const madeString = (packs: readonly KnownPack[]): MadeString => ({
  cells: sum(packs.map(({ cells }) => cells)),
  voltageV: known(packs, (p) => p.voltageV, sum),
  capacityAh: known(
    packs,
    (p) => p.capacityAh,
    (all) => Math.min(...all),
  ),
});

function troubleOf([first, ...others]: readonly MadeString[]): StringTrouble | undefined {
  for (const [i, { cells, voltageV }] of others.entries()) {
    if (!first) break;
    if (cells !== first.cells) return { kind: 'cells', string: i + 2, cells, firstCells: first.cells };
    if (voltageV === undefined || first.voltageV === undefined) continue;
    if (Math.abs(voltageV - first.voltageV) > APART_V_PER_CELL * cells)
      return { kind: 'voltage', string: i + 2, voltageV, firstV: first.voltageV };
  }
  return undefined;
}

/** Volts and Ah of a bank of these strings; a pack that nobody knows is left out. */
export function madeBank(strings: Strings, packs: readonly KnownPack[], nominalCellV?: number): MadeBank {
  const byId = new Map(packs.map((pack) => [pack.id, pack]));
  const made = strings.map((string) => madeString(string.flatMap((id) => byId.get(id) ?? [])));
  const cells = made[0]?.cells ?? 0;
  const voltageV = made[0]?.voltageV;
  const capacityAh = known(made, (s) => s.capacityAh, sum);
  const trouble = troubleOf(made);
  return {
    cells,
    ...(nominalCellV !== undefined && { nominalV: cells * nominalCellV }),
    ...(voltageV !== undefined && { voltageV }),
    ...(capacityAh !== undefined && { capacityAh }),
    ...(trouble && { trouble }),
  };
}
