// What an inverter is told of the bank, by the names of the catalogue.
import type { LiveBank, LiveInverter, LiveWire } from '../../model/api/live.ts';
import { isSignalName, keyOf, type SignalValues, toNames } from '../../model/signals.ts';
import { asTold } from '../../profile/told.ts';

/** Names of the catalogue as the profiles read them. */
export function valuesOf(signals: LiveBank['signals']): SignalValues {
  const known = Object.entries(signals).flatMap(([name, value]) =>
    isSignalName(name) ? [[keyOf(name), value]] : [],
  );
  // The gateway made them of its own catalogue.
  return Object.fromEntries(known) as SignalValues;
}

/** As every profile tells it: a direction that is off has a limit of zero, a stale bank asks for nothing. */
export const toldOf = (bank: LiveBank): Readonly<Record<string, unknown>> =>
  toNames(asTold(valuesOf(bank.signals), 'hold'));

/** Nothing of what is said reaches it. */
export const isOffWire = (wire: Pick<LiveWire, 'state'> | undefined): boolean =>
  wire !== undefined && wire.state !== 'open' && wire.state !== 'error-passive';

/** Whether anything is said to it now. */
export const isTold = ({ telling }: Pick<LiveInverter, 'telling'>): boolean =>
  telling !== 'nothing yet' && telling !== 'silence' && telling !== 'exception';

/** What is only answered was not told to one that has stopped asking. */
export const isUnasked = (
  { voice }: Pick<LiveInverter, 'voice'>,
  wire: Pick<LiveWire, 'kind'> | undefined,
): boolean => voice === 'silent' && wire !== undefined && wire.kind !== 'can';

const STEPS = 10;

/** To a tenth, towards the safe side, as on the wire: 99.99 % is not full, and 49.99 A are not 50. */
export function toldTenths(name: string, value: number | undefined): number | undefined {
  if (value === undefined) return undefined;
  const steps = Number((value * STEPS).toFixed(6));
  return (name === 'discharge_voltage_limit_V' ? Math.ceil(steps) : Math.floor(steps)) / STEPS;
}

/** What a battery asks an inverter to do, and whether it permits. */
export const requestNames = [
  'charge_enable',
  'discharge_enable',
  'force_charge_1',
  'force_charge_2',
  'full_charge_request',
  'balance_request',
] as const;
export type RequestName = (typeof requestNames)[number];
