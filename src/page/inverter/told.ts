// Whether an inverter is told anything now, and which limits it reads.
import type { LiveInverter, LiveWire } from '../../model/api/live.ts';
import type { SiteInverter } from '../../model/api/site.ts';
import type { AsRead } from '../../model/wire-health.ts';

/** Nothing of what is said reaches it. */
export const isOffWire = (wire: Pick<LiveWire, 'state'> | undefined): boolean =>
  wire !== undefined && wire.state !== 'open' && wire.state !== 'error-passive';

/** Whether anything is said to it now. */
export const isTold = ({ telling }: Pick<LiveInverter, 'telling'>): boolean =>
  telling !== 'nothing yet' && telling !== 'silence' && telling !== 'exception';

/** What is only answered was not told to one that has stopped asking. */
export const isUnasked = ({ voice, is_polled }: Pick<LiveInverter, 'voice' | 'is_polled'>): boolean =>
  voice === 'silent' && is_polled === true;

interface ToldTo {
  readonly inverter: Pick<SiteInverter, 'silent_after_ms'>;
  readonly health: Pick<LiveInverter, 'is_polled' | 'heard_at_ms' | 'told_at_ms'>;
  /** The bank's own moment. */
  readonly evaluatedAtMs: number;
}

/**
 * When a number was told. What is told is made anew at each evaluation, also of old data; what is asked for is as old as the last
 * question, or as the last one for this number, where that is too long before.
 */
export function toldAt({ inverter, health, evaluatedAtMs }: ToldTo, name: keyof AsRead): number | undefined {
  const { is_polled, heard_at_ms: heardMs, told_at_ms } = health;
  if (!is_polled) return evaluatedAtMs;
  const atMs = told_at_ms?.[name];
  if (atMs === undefined || heardMs === undefined) return heardMs;
  return heardMs - atMs > (inverter.silent_after_ms ?? Number.POSITIVE_INFINITY) ? atMs : heardMs;
}

const limits = [
  { name: 'charge_voltage_limit_V', unit: 'V' },
  { name: 'charge_current_limit_A', unit: 'A' },
  { name: 'charge_power_limit_W', unit: 'W', unless: 'charge_current_limit_A' },
  { name: 'discharge_current_limit_A', unit: 'A' },
  { name: 'discharge_power_limit_W', unit: 'W', unless: 'discharge_current_limit_A' },
  { name: 'discharge_voltage_limit_V', unit: 'V' },
] as const;

/** One limit as it is told, in its unit. */
export type Limit = ReturnType<typeof limitsTold>[number];

/** The limits of one inverter; a power beside its current says nothing new. */
export const limitsTold = (told: AsRead) =>
  limits.flatMap((limit) => {
    const { name, unit } = limit;
    const value = told[name];
    const isSaid = 'unless' in limit && told[limit.unless] !== undefined;
    return value === undefined || isSaid ? [] : [{ name, unit, value }];
  });
