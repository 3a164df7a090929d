import { duration } from './document.ts';

/** A time span within bounds that make sense on a wire; the longest timer is 24 days. */
export const span = (least: readonly [ms: number, text: string], most: readonly [ms: number, text: string]) =>
  duration.refine(
    (ms) => ms >= least[0] && ms <= most[0],
    `write a time span from ${least[1]} to ${most[1]}`,
  );
export const silence = span([100, '100ms'], [86_400_000, '1d']);

/** What an inverter says of itself, in a frame or a register; current and power are positive while charging. */
export const meanings = [
  'inverter_heartbeat',
  'inverter_state',
  'inverter_mode',
  'inverter_voltage',
  'inverter_current',
  'inverter_temperature',
  'inverter_soc',
  'unix_time',
  'store',
] as const;
