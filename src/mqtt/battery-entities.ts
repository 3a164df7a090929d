// One battery as Home Assistant shows it. Current is positive while charging.
import type { PackState } from '../model/bank-state.ts';
import type { BatteryReading } from '../model/battery.ts';
import { isMeasured } from './bank-entities.ts';
import { batteryLifeEntities, packOf } from './battery-life-entities.ts';
import {
  binary,
  diagnostic,
  type Entity,
  type Known,
  quantities as q,
  sensor,
  type Value,
} from './entities.ts';
import type { BatteryPlan } from './plan.ts';

/** More sensors than any BMS has. */
const MOST_SENSORS = 16;

const optional = { isOptional: true } as const;
const fet = { ...diagnostic, isOptional: true } as const;

const twoDigits = (n: number): string => String(n).padStart(2, '0');

/** What is older than *late*, or of a pack that does not count, is not shown as measured. */
export const readingOf = (pack: PackState | undefined): BatteryReading | undefined =>
  pack && isMeasured(pack) && !pack.isPartial ? pack.reading : undefined;

function cellsOf({ cellVoltagesV = [] }: BatteryReading) {
  const known = cellVoltagesV.length > 0;
  const [min, max] = [Math.min(...cellVoltagesV), Math.max(...cellVoltagesV)];
  return known ? { min, max, deltaMV: (max - min) * 1000 } : {};
}

const product = ({ voltageV, currentA }: BatteryReading): number | undefined =>
  voltageV === undefined || currentA === undefined ? undefined : voltageV * currentA;

type Of<T> = (reading: BatteryReading) => T | undefined;

const positive = (value: number | undefined): boolean | undefined =>
  value === undefined ? undefined : value > 0;

function valuesOf(of: <T extends Value>(read: Of<T>) => (known: Known) => T | undefined): Entity[] {
  return [
    sensor(
      'state',
      'soc',
      'State of charge',
      q.soc,
      of((r) => r.socPct),
    ),
    sensor(
      'slow',
      'soh',
      'State of health',
      q.percent,
      of((r) => r.sohPct),
      optional,
    ),
    sensor(
      'state',
      'voltage',
      'Voltage',
      q.voltage,
      of((r) => r.voltageV),
    ),
    sensor(
      'state',
      'current',
      'Current',
      q.current,
      of((r) => r.currentA),
    ),
    sensor('state', 'power', 'Power', q.power, of(product)),
    sensor(
      'slow',
      'cycles',
      'Cycles',
      q.cycles,
      of((r) => r.cycles),
      optional,
    ),
    sensor(
      'slow',
      'charge_ah',
      'Remaining charge',
      q.charge,
      of((r) => r.remainingCapacityAh),
      optional,
    ),
    sensor(
      'state',
      'cell_min',
      'Lowest cell',
      q.cellVoltage,
      of((r) => cellsOf(r).min),
    ),
    sensor(
      'state',
      'cell_max',
      'Highest cell',
      q.cellVoltage,
      of((r) => cellsOf(r).max),
    ),
    sensor(
      'state',
      'cell_delta',
      'Cell difference',
      q.cellDelta,
      of((r) => cellsOf(r).deltaMV),
    ),
    sensor(
      'slow',
      'mos_temperature',
      'MOSFET temperature',
      q.temperature,
      of((r) => r.mosfetTemperatureC),
      optional,
    ),
    binary(
      'changes',
      'charging',
      'Charging',
      'battery_charging',
      of((r) => positive(r.currentA)),
    ),
    binary(
      'changes',
      'charge_fet',
      'Charge FET',
      'power',
      of((r) => r.chargeFet),
      fet,
    ),
    binary(
      'changes',
      'discharge_fet',
      'Discharge FET',
      'power',
      of((r) => r.dischargeFet),
      fet,
    ),
    binary(
      'changes',
      'balancing',
      'Balancing',
      'running',
      of((r) => positive(r.balancingCells?.length)),
      fet,
    ),
  ];
}

export function batteryEntities(battery: BatteryPlan): readonly Entity[] {
  const of =
    <T extends Value>(read: Of<T>) =>
    (known: Known): T | undefined => {
      const reading = readingOf(packOf(battery, known));
      return reading && read(reading);
    };
  const cells = Array.from({ length: battery.cells }, (_, i) =>
    sensor(
      'cells',
      `cell_${twoDigits(i + 1)}`,
      `Cell ${twoDigits(i + 1)}`,
      q.cellVoltage,
      of((r) => r.cellVoltagesV?.[i]),
      diagnostic,
    ),
  );
  const sensors = Array.from({ length: MOST_SENSORS }, (_, i) =>
    sensor(
      'slow',
      `temperature_${i + 1}`,
      `Temperature ${i + 1}`,
      q.temperature,
      of((r) => r.temperaturesC?.[i]),
      optional,
    ),
  );
  return [...valuesOf(of), ...cells, ...sensors, ...batteryLifeEntities(battery)];
}
