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

/** Whether anything goes out to it now. */
export const isTold = ({ telling }: Pick<LiveInverter, 'telling'>): boolean =>
  telling !== 'nothing yet' && telling !== 'silence' && telling !== 'exception';

/** On such a wire nothing arrives, whatever is said: it is not there, it is off, or nobody acknowledges. */
export const isCut = (wire: Pick<LiveWire, 'state'> | undefined): boolean =>
  wire?.state === 'unavailable' || wire?.state === 'bus-off' || wire?.state === 'no-ack';

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
