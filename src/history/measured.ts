import type { BankState, PackState } from '../model/bank-state.ts';
import type { Measured } from './columns.ts';

/** As it is right now; what is not known may be absent or undefined. */
export type MeasuredNow = { readonly [Q in keyof Measured]?: number | undefined };

type Known = readonly number[];

const edge = (of: (...values: number[]) => number, values: Known): number | undefined =>
  values.length ? of(...values) : undefined;

const meanOf = (values: Known): number | undefined =>
  values.length ? values.reduce((a, b) => a + b, 0) / values.length : undefined;

/** Of the last complete reading; `powerW` is the product of its voltage and current. */
export function measuredOfPack({ reading = {}, ...limits }: PackState): MeasuredNow {
  const { voltageV, currentA } = reading;
  const cells = reading.cellVoltagesV ?? [];
  const sensors = (reading.temperaturesC ?? []).filter((t) => t !== undefined);
  const [lowest, highest] = [edge(Math.min, cells), edge(Math.max, cells)];
  return {
    voltageV,
    currentA,
    powerW: voltageV === undefined || currentA === undefined ? undefined : voltageV * currentA,
    socPct: reading.socPct,
    temperatureC: meanOf(sensors),
    minCellTemperatureC: edge(Math.min, sensors),
    maxCellTemperatureC: edge(Math.max, sensors),
    mosfetTemperatureC: reading.mosfetTemperatureC,
    minCellVoltageV: lowest,
    maxCellVoltageV: highest,
    cellDeltaV: lowest === undefined || highest === undefined ? undefined : highest - lowest,
    chargeCurrentLimitA: limits.chargeCurrentLimitA,
    dischargeCurrentLimitA: limits.dischargeCurrentLimitA,
  };
}

/** True while what was measured may still be told: a stale value repeated would look like a measurement. */
export const isCounted = ({ freshness }: Pick<PackState | BankState, 'freshness'>): boolean =>
  freshness === 'fresh' || freshness === 'late';
