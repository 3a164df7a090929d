// Words for an event: its kind in the reader's language, its peak in units.

import { type AlarmName, alarmNames } from '../../model/alarms.ts';
import type { PastEvent } from '../../model/api/past.ts';
import { type EventKind, eventKinds } from '../../model/events.ts';
import { DASH, numberText, quantityText, temperatureText } from '../format.ts';
import type { WordKey } from '../words/shape.ts';
import { t } from '../words/words.ts';

const isKind = (kind: string): kind is EventKind => Object.hasOwn(eventKinds, kind);
const isAlarm = (name: string): name is AlarmName => (alarmNames as readonly string[]).includes(name);

/** A kind that this page does not know yet stands as it is called. */
export function kindText({ kind, alarm }: Pick<PastEvent, 'kind' | 'alarm'>): string {
  const title = isKind(kind) ? t(`eventKind.${kind}`) : kind;
  return alarm !== undefined && isAlarm(alarm) ? `${title}: ${t(`alarm.${alarm}`)}` : title;
}

/** Whose name and subject say all that their text says. */
const plain: ReadonlySet<string> = new Set([
  'gateway_started',
  'gateway_stopped',
  'bank_incomplete',
  'bank_late',
  'bank_stale',
  'bank_lost',
  'battery_awaited',
  'battery_late',
  'battery_stale',
  'battery_lost',
  'inverter_waits',
  'inverter_heard',
  'inverter_served',
  'wire_open',
] satisfies readonly EventKind[]);
export const saysMore = ({ kind }: Pick<PastEvent, 'kind'>): boolean => !plain.has(kind);

const wordOf: Readonly<Record<string, WordKey>> = {
  voltage_V: 'home.voltage',
  current_A: 'home.current',
  soc_pct: 'history.soc_pct',
  temperature_C: 'home.temperature',
  min_cell_voltage_V: 'history.min_cell_voltage_V',
  max_cell_voltage_V: 'history.max_cell_voltage_V',
  min_cell_temperature_C: 'history.min_cell_temperature_C',
  max_cell_temperature_C: 'history.max_cell_temperature_C',
  mosfet_temperature_C: 'history.mosfet_temperature_C',
  cell_delta_V: 'history.cell_delta_V',
  charge_voltage_limit_V: 'limitShort.charge_voltage_limit_V',
  discharge_voltage_limit_V: 'limitShort.discharge_voltage_limit_V',
  charge_current_limit_A: 'limitShort.charge_current_limit_A',
  discharge_current_limit_A: 'limitShort.discharge_current_limit_A',
};

/** A name of the catalogue in words; one without stands as it is. */
export const nameText = (name: string): string => {
  const key = wordOf[name];
  return key === undefined ? name : t(key);
};

/** By the unit that a name of the catalogue ends with. */
export function namedText(name: string, value: number): string {
  if (name.endsWith('_C')) return temperatureText(value, 1);
  if (name.endsWith('_pct')) return quantityText(value, '%', 1);
  const unit = /_(A|V|W|kWh|Ah)$/.exec(name)?.[1];
  if (unit === undefined) return numberText(value, Number.isInteger(value) ? 0 : 2);
  return quantityText(value, unit, unit === 'V' && name.includes('cell') ? 3 : unit === 'W' ? 0 : 2);
}

export const peakText = ({ peak }: Pick<PastEvent, 'peak'>): string =>
  peak === undefined ? DASH : namedText(peak.quantity, peak.value);
