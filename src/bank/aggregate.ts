import type { SignalValues } from '../model/signals.ts';
import { temperaturesOf } from './pack.ts';
import type { ReadPack, StringValues } from './strings.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** The sum when every part is known. */
function sumIfAll(values: readonly (number | undefined)[]): number | undefined {
  const there = values.filter((v) => v !== undefined);
  return there.length === values.length ? sum(there) : undefined;
}

/** V of the bus: strings with both FETs closed; if there is none, all (bank reference, section 2.2). */
function busVoltageV(strings: readonly StringValues[]): number {
  const joined = strings.filter((s) => s.conductsCharge && s.conductsDischarge);
  return mean((joined.length ? joined : strings).map((s) => s.voltageV));
}

/** SoC weighted by what each string can take and give; while that is unknown or nothing, the lowest string's. */
function bankSocPct(strings: readonly StringValues[]): number {
  const lowest = Math.min(...strings.map((s) => s.socPct));
  const usable = strings.map((s) => (s.remainingAh ?? Number.NaN) + (s.headroomAh ?? Number.NaN));
  const total = sum(usable);
  if (!(total > 0)) return lowest;
  const mixed = sum(strings.map((s, i) => s.socPct * ((usable[i] ?? 0) / total)));
  return Math.min(100, Math.max(lowest, mixed));
}

function weightedSohPct(strings: readonly StringValues[]): number | undefined {
  const weights = sumIfAll(strings.map((s) => s.capacityAh));
  const products = sumIfAll(
    strings.map((s) => (s.sohPct === undefined ? undefined : s.sohPct * (s.capacityAh ?? 0))),
  );
  return weights && products !== undefined ? products / weights : undefined;
}

/** One measured place: which pack (from 1), which cell or sensor of it (from 1), and its value. */
interface Place {
  readonly value: number;
  readonly pack: number;
  readonly at: number;
}

type Values = (pack: ReadPack) => readonly (number | undefined)[];
const cells: Values = (p) => p.reading.cellVoltagesV;
const sensors: Values = (p) => p.reading.temperaturesC ?? [];

/** Where the value is that beats all others, the first of equals. */
function foremost(
  packs: readonly ReadPack[],
  valuesOf: Values,
  beats: (a: number, b: number) => boolean,
): Place | undefined {
  let best: Place | undefined;
  for (const p of packs)
    for (const [i, value] of valuesOf(p).entries())
      if (value !== undefined && (!best || beats(value, best.value))) best = { value, pack: p.no, at: i + 1 };
  return best;
}

const least = (packs: readonly ReadPack[], values: Values) => foremost(packs, values, (a, b) => a < b);
const greatest = (packs: readonly ReadPack[], values: Values) => foremost(packs, values, (a, b) => a > b);

function cellExtremes(packs: readonly ReadPack[]): SignalValues {
  const [min, max] = [least(packs, cells), greatest(packs, cells)];
  if (!min || !max) return {};
  return {
    minCellVoltageV: min.value,
    maxCellVoltageV: max.value,
    minVoltagePackNo: min.pack,
    maxVoltagePackNo: max.pack,
    minVoltageCellNo: min.at,
    maxVoltageCellNo: max.at,
    minVoltageCellId: cellId(min, 'C'),
    maxVoltageCellId: cellId(max, 'C'),
  };
}

function temperatureExtremes(packs: readonly ReadPack[]): SignalValues {
  const [min, max] = [least(packs, sensors), greatest(packs, sensors)];
  if (!min || !max) return {};
  return {
    temperatureC: mean(packs.flatMap((p) => temperaturesOf(p.reading))),
    minCellTemperatureC: min.value,
    maxCellTemperatureC: max.value,
    minTemperaturePackNo: min.pack,
    maxTemperaturePackNo: max.pack,
    minTemperatureSensorNo: min.at,
    maxTemperatureSensorNo: max.at,
    minTemperatureCellNo: min.at,
    maxTemperatureCellNo: max.at,
    minTemperatureCellId: cellId(min, 'T'),
    maxTemperatureCellId: cellId(max, 'T'),
  };
}

/** `P1C07`: pack 1, cell 7; `P1T2`: pack 1, sensor 2 (CAN reference, 0x374 to 0x377). */
const cellId = ({ pack, at }: Place, kind: 'C' | 'T'): string =>
  `P${pack}${kind}${kind === 'C' ? String(at).padStart(2, '0') : at}`;

/** Values that are there only when they are known. */
function whereKnown<K extends string>(
  values: Readonly<Record<K, number | undefined>>,
): { [P in K]?: number } {
  // Object.fromEntries forgets the keys; they are those of the argument.
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [P in K]?: number;
  };
}

/** What the strings that count measure together, with the current of a shunt where there is one. V, A, Ah, %, °C; + while charging. */
export function measure(strings: readonly StringValues[], shuntA?: number): SignalValues {
  const packs = strings.flatMap((s) => s.packs);
  const voltageV = busVoltageV(strings);
  const currentA = shuntA ?? sum(strings.map((s) => s.currentA));
  const capacityAh = sumIfAll(strings.map((s) => s.capacityAh));
  const mosfets = packs.flatMap((p) => p.reading.mosfetTemperatureC ?? []);
  const cycles = strings.map((s) => maxKnown(s.packs.map((p) => p.reading.cycles)));
  return {
    voltageV,
    currentA,
    powerW: voltageV * currentA,
    socPct: bankSocPct(strings),
    charging: currentA > 0,
    discharging: currentA < 0,
    balancing: packs.some((p) => (p.reading.balancingCells?.length ?? 0) > 0),
    ...whereKnown({
      sohPct: weightedSohPct(strings),
      capacityAh,
      remainingCapacityAh: sumIfAll(strings.map((s) => s.remainingAh)),
      capacityKWh: capacityAh === undefined ? undefined : (capacityAh * voltageV) / 1000,
      cycles: meanKnown(cycles),
      mosfetTemperatureC: mosfets.length ? Math.max(...mosfets) : undefined,
    }),
    ...cellExtremes(packs),
    ...temperatureExtremes(packs),
  };
}

function maxKnown(values: readonly (number | undefined)[]): number | undefined {
  const there = values.filter((v) => v !== undefined);
  return there.length ? Math.max(...there) : undefined;
}

function meanKnown(values: readonly (number | undefined)[]): number | undefined {
  const there = values.filter((v) => v !== undefined);
  return there.length ? Math.round(mean(there)) : undefined;
}
