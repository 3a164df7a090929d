// Which way the energy goes, battery by battery.
import type { Live } from '../../model/api/live.ts';
import { numberOf } from '../live/values.ts';

export type Way = 'charging' | 'discharging' | 'idle' | 'unknown';

/** So little is no flow: a meter's last digit. */
const LEAST_W = 10;

/** Positive power charges. */
export const wayOf = (powerW: number | undefined, leastW = LEAST_W): Way =>
  powerW === undefined
    ? 'unknown'
    : Math.abs(powerW) < leastW
      ? 'idle'
      : powerW > 0
        ? 'charging'
        : 'discharging';

export interface BatteryFlow {
  readonly id: string;
  readonly socPct: number | undefined;
  readonly powerW: number | undefined;
  readonly atMs: number | undefined;
}

const productOf = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a * b;

/** In the order of the gateway file. */
export const batteryFlows = ({ packs }: Live): readonly BatteryFlow[] =>
  Object.entries(packs).map(([id, { reading, sample_at_ms }]) => ({
    id,
    socPct: numberOf(reading, 'soc_pct'),
    powerW: productOf(numberOf(reading, 'voltage_V'), numberOf(reading, 'current_A')),
    atMs: sample_at_ms,
  }));
