// The bank as Home Assistant shows it. Current and power are positive while charging.
import type { BankState } from '../model/bank-state.ts';
import type { SignalValues } from '../model/signals.ts';
import { bankLimitEntities } from './bank-limit-entities.ts';
import { diagnostic, type Entity, quantities as q, sensor, type Value } from './entities.ts';

const always = { isAlways: true } as const;
const _told = { ...diagnostic, isAlways: true } as const;

export const isMeasured = (bank: Pick<BankState, 'freshness'>): boolean =>
  bank.freshness === 'fresh' || bank.freshness === 'late';

type Of<T> = (bank: BankState, signals: SignalValues) => T;

/** While what is known of the bank is no older than *late*: what is only repeated is no measurement. */
const measured =
  <T extends Value>(of: Of<T>): Entity['read'] =>
  ({ bank }) =>
    bank && isMeasured(bank) ? of(bank, bank.signals) : undefined;

const above0 = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.max(0, value);
const below0 = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.max(0, -value);
const milli = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * 1000;

/** `a cell 07`. */
function cellName(bank: BankState, pack: number | undefined, cell: number | undefined): string | undefined {
  const id = pack === undefined ? undefined : bank.packs[pack - 1]?.id;
  return id === undefined || cell === undefined ? undefined : `${id} cell ${String(cell).padStart(2, '0')}`;
}

const values: readonly Entity[] = [
  sensor(
    'state',
    'soc',
    'State of charge',
    q.soc,
    measured((_, s) => s.socPct),
  ),
  sensor(
    'slow',
    'soh',
    'State of health',
    q.percent,
    measured((_, s) => s.sohPct),
    { isOptional: true },
  ),
  sensor(
    'state',
    'voltage',
    'Voltage',
    q.voltage,
    measured((_, s) => s.voltageV),
  ),
  sensor(
    'state',
    'current',
    'Current',
    q.current,
    measured((_, s) => s.currentA),
  ),
  sensor(
    'state',
    'power',
    'Power',
    q.power,
    measured((_, s) => s.powerW),
  ),
  sensor(
    'state',
    'charge_power',
    'Charge power',
    q.power,
    measured((_, s) => above0(s.powerW)),
  ),
  sensor(
    'state',
    'discharge_power',
    'Discharge power',
    q.power,
    measured((_, s) => below0(s.powerW)),
  ),
  sensor(
    'slow',
    'energy_charged',
    'Energy charged',
    q.energy,
    ({ bank }) => bank?.signals.energyChargedKWh,
    always,
  ),
  sensor(
    'slow',
    'energy_discharged',
    'Energy discharged',
    q.energy,
    ({ bank }) => bank?.signals.energyDischargedKWh,
    always,
  ),
  sensor(
    'slow',
    'stored_energy',
    'Stored energy',
    q.storedEnergy,
    measured((_, s) => s.remainingKWh),
    { isOptional: true },
  ),
  sensor(
    'slow',
    'usable_capacity',
    'Usable capacity',
    q.storedEnergy,
    measured((_, s) => s.capacityKWh),
    { isOptional: true },
  ),
  sensor(
    'state',
    'cell_min',
    'Lowest cell',
    q.cellVoltage,
    measured((_, s) => s.minCellVoltageV),
  ),
  sensor(
    'state',
    'cell_max',
    'Highest cell',
    q.cellVoltage,
    measured((_, s) => s.maxCellVoltageV),
  ),
  sensor(
    'state',
    'cell_delta',
    'Cell difference',
    q.cellDelta,
    measured((_, s) => milli(s.cellDeltaV)),
  ),
  sensor(
    'slow',
    'cell_min_id',
    'Lowest cell is',
    q.text,
    measured((b, s) => cellName(b, s.minVoltagePackNo, s.minVoltagePackCellNo)),
    diagnostic,
  ),
  sensor(
    'slow',
    'cell_max_id',
    'Highest cell is',
    q.text,
    measured((b, s) => cellName(b, s.maxVoltagePackNo, s.maxVoltagePackCellNo)),
    diagnostic,
  ),
  sensor(
    'slow',
    'temp_min',
    'Lowest temperature',
    q.temperature,
    measured((_, s) => s.minCellTemperatureC),
    { isOptional: true },
  ),
  sensor(
    'slow',
    'temp_max',
    'Highest temperature',
    q.temperature,
    measured((_, s) => s.maxCellTemperatureC),
    { isOptional: true },
  ),
];

export const bankEntities: readonly Entity[] = [...values, ...bankLimitEntities];
