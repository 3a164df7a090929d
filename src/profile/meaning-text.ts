import type { Meaning } from './schema.ts';

const units: Partial<Record<Meaning, string>> = {
  inverter_voltage: 'V',
  inverter_current: 'A',
  inverter_temperature: '°C',
  inverter_soc: '%',
  unix_time: 's',
};

/** What an inverter tells of itself, with its unit: `400 V`; current is positive while charging. */
export const meaningText = (means: Meaning, value: number): string => {
  const unit = units[means];
  return unit === undefined ? `${value}` : `${value} ${unit}`;
};
