import type { SignalValues } from '../model/signals.ts';
import { extremes } from './extremes.ts';
import { temperaturesOf } from './pack.ts';
import type { StringValues } from './strings.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** The sum when every part is known. */
function sumIfAll(values: readonly (number | undefined)[]): number | undefined {
  const there = values.filter((v) => v !== undefined);
  return there.length === values.length ? sum(there) : undefined;
}

/** The strings with both FETs closed; if there is none, all (bank reference, section 2.2). */
function joined(strings: readonly StringValues[]): readonly StringValues[] {
  const both = strings.filter((s) => s.conductsCharge && s.conductsDischarge);
  return both.length ? both : strings;
}

const busVoltageV = (strings: readonly StringValues[]): number =>
  mean(joined(strings).map((s) => s.voltageV));

/** True while some string lets current through in some direction: only then is there voltage at the terminals. */
export const isConnected = (strings: readonly StringValues[]): boolean =>
  strings.some((s) => s.conductsCharge || s.conductsDischarge);

function statusOf(strings: readonly StringValues[], currentA: number) {
  if (!isConnected(strings)) return 'sleep';
  return currentA > 0 ? 'charge' : currentA < 0 ? 'discharge' : 'idle';
}

/** What a master pack would show: the cells and sensors of the first string in service, pack after pack. V, °C. */
function rows(strings: readonly StringValues[]): SignalValues {
  const packs = joined(strings)[0]?.packs ?? [];
  const temperaturesC = packs.flatMap((p) => temperaturesOf(p.reading));
  return {
    cellVoltagesV: packs.flatMap((p) => p.reading.cellVoltagesV),
    ...(temperaturesC.length && { temperaturesC }),
  };
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

/** Values that are there only when they are known. */
function whereKnown<K extends string>(
  values: Readonly<Record<K, number | undefined>>,
): { [P in K]?: number } {
  // Object.fromEntries forgets the keys; they are those of the argument.
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [P in K]?: number;
  };
}

/** Ah, and kWh at the nominal voltage: energy does not wander with the voltage of the bus. */
function contents(strings: readonly StringValues[], nominalV: number | undefined) {
  const kWh = (ah: number | undefined) =>
    ah === undefined || nominalV === undefined ? undefined : (ah * nominalV) / 1000;
  const capacityAh = sumIfAll(strings.map((s) => s.capacityAh));
  const remainingCapacityAh = sumIfAll(strings.map((s) => s.remainingAh));
  return {
    capacityAh,
    remainingCapacityAh,
    capacityKWh: kWh(capacityAh),
    remainingKWh: kWh(remainingCapacityAh),
  };
}

/**
 * What the strings that count measure together, with the current of a shunt where there is one, and the energy where the
 * bank's nominal voltage is known. V, A, Ah, kWh, %, °C; + while charging.
 */
export function measure(strings: readonly StringValues[], nominalV?: number, shuntA?: number): SignalValues {
  const packs = strings.flatMap((s) => s.packs);
  const voltageV = busVoltageV(strings);
  const currentA = shuntA ?? sum(strings.map((s) => s.currentA));
  const mosfets = packs.flatMap((p) => p.reading.mosfetTemperatureC ?? []);
  const cycles = strings.map((s) => maxKnown(s.packs.map((p) => p.reading.cycles)));
  return {
    voltageV,
    currentA,
    powerW: voltageV * currentA,
    socPct: bankSocPct(strings),
    charging: currentA > 0,
    discharging: currentA < 0,
    status: statusOf(strings, currentA),
    balancing: packs.some((p) => (p.reading.balancingCells?.length ?? 0) > 0),
    ...whereKnown({
      sohPct: weightedSohPct(strings),
      ...contents(strings, nominalV),
      cycles: meanKnown(cycles),
      mosfetTemperatureC: mosfets.length ? Math.max(...mosfets) : undefined,
    }),
    ...rows(strings),
    ...extremes(strings),
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
