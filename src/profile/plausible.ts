import { type SignalName, signalSpec } from '../model/signals.ts';

type Range = readonly [low: number, high: number];

/** What every field must at least be able to hold, for a 48 V bank of household size; wider is always welcome. */
const byUnit: Readonly<Record<string, Range>> = {
  V: [0, 60],
  A: [-300, 300],
  '%': [0, 100],
  '°C': [-30, 80],
  s: [0, 250],
  W: [-15_000, 15_000],
  Ah: [0, 600],
  kWh: [0, 30],
};

const byName: { readonly [N in SignalName]?: Range } = {
  charge_current_limit_A: [0, 300],
  discharge_current_limit_A: [0, 300],
  min_cell_voltage_V: [0, 4.3],
  max_cell_voltage_V: [0, 4.3],
  mean_cell_voltage_V: [0, 4.3],
  cell_voltages_V: [0, 4.3],
  cell_delta_V: [0, 1],
  charge_power_limit_W: [0, 15_000],
  discharge_power_limit_W: [0, 15_000],
  energy_charged_kWh: [0, 100_000],
  energy_discharged_kWh: [0, 100_000],
  cycles: [0, 10_000],
  heartbeat: [0, 255],
};

/** Lowest and highest value that this signal may well take; plain counts reach at least 64 (the model's packs). */
export const plausibleRange = (name: SignalName): Range =>
  byName[name] ?? byUnit[signalSpec(name).unit ?? ''] ?? [0, 64];
