// One battery as Home Assistant shows it. Current is positive while charging.
import type { PackState } from '../model/bank-state.ts';
import type { BatteryReading } from '../model/battery.ts';
import { isMeasured } from './bank-entities.ts';
import {
  binary,
  diagnostic,
  type Entity,
  type Known,
  quantities as q,
  sensor,
  shortened,
  type Value,
} from './entities.ts';
import type { BatteryPlan } from './plan.ts';
import { packTroubles } from './troubles.ts';

/** More sensors than any BMS has. */
const MOST_SENSORS = 16;

const optional = { isOptional: true } as const;
const told = { ...diagnostic, isAlways: true } as const;
const fet = { ...diagnostic, isOptional: true } as const;

const twoDigits = (n: number): string => String(n).padStart(2, '0');

export const packOf = ({ id }: BatteryPlan, { bank }: Known): PackState | undefined =>
  bank?.packs.find((pack) => pack.id === id);

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

function ageS(pack: PackState | undefined, nowMs: number): number | undefined {
  return pack?.sampleAtMs === undefined ? undefined : Math.max(0, nowMs - pack.sampleAtMs) / 1000;
}

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

/** What says that a battery is not heard cannot be silent with it. */
function lifeOf(battery: BatteryPlan): Entity[] {
  const pack = (known: Known) => packOf(battery, known);
  const heard = (known: Known): boolean | undefined => {
    const now = pack(known);
    return now && now.freshness !== 'never' ? isMeasured(now) : undefined;
  };
  const troubles = (known: Known) => {
    const now = pack(known);
    return now && (now.freshness !== 'never' || now.fault !== undefined) ? packTroubles(now) : undefined;
  };
  const problem = (known: Known) => {
    const found = troubles(known);
    return found && found.length > 0;
  };
  const text = (known: Known) => {
    const found = troubles(known);
    return found && shortened(found.join('; ') || 'none');
  };
  const [link, name] = battery.isWired ? ['line_link', 'Line link'] : ['ble_link', 'Bluetooth link'];
  return [
    binary('changes', 'problem', 'Problem', 'problem', problem, { isAlways: true }),
    sensor('changes', 'problem_text', 'Problem is', q.text, text, told),
    sensor('state', 'data_age', 'Data age', q.duration, (known) => ageS(pack(known), known.nowMs), told),
    binary('changes', link, name, 'connectivity', heard, told),
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
  return [...valuesOf(of), ...cells, ...sensors, ...lifeOf(battery)];
}
