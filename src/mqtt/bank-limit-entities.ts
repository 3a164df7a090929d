// What the bank allows and what is wrong with it, as Home Assistant shows it: told also while its measurements are stale.
import type { BankState } from '../model/bank-state.ts';
import type { SignalValues } from '../model/signals.ts';
import {
  binary,
  diagnostic,
  type Entity,
  quantities as q,
  sensor,
  shortened,
  type Value,
} from './entities.ts';
import { chargeReasons, dischargeReasons, reasonOf } from './limit-reasons.ts';
import { bankTroubles } from './troubles.ts';

const always = { isAlways: true } as const;
const told = { ...diagnostic, isAlways: true } as const;

type Of<T> = (bank: BankState, signals: SignalValues) => T;

/** What inverters are told, whatever the age of what it was made from. */
const spoken =
  <T extends Value>(of: Of<T | undefined>) =>
  ({ bank }: { readonly bank?: BankState | undefined }): T | undefined =>
    bank && bank.freshness !== 'never' ? of(bank, bank.signals) : undefined;

/** Before anything was heard nobody knows that all is well. */
function troubles({ bank }: { readonly bank?: BankState | undefined }): readonly string[] | undefined {
  const found = bank && bankTroubles(bank);
  return bank?.freshness === 'never' && found?.length === 0 ? undefined : found;
}

export const bankLimitEntities: readonly Entity[] = [
  sensor(
    'state',
    'charge_voltage_limit',
    'Charge voltage limit',
    q.limitVoltage,
    spoken((_, s) => s.chargeVoltageLimitV),
    always,
  ),
  sensor(
    'state',
    'charge_current_limit',
    'Charge current limit',
    q.current,
    spoken((_, s) => s.chargeCurrentLimitA),
    always,
  ),
  sensor(
    'state',
    'discharge_current_limit',
    'Discharge current limit',
    q.current,
    spoken((_, s) => s.dischargeCurrentLimitA),
    always,
  ),
  sensor(
    'changes',
    'limit_reason',
    'Charge limit reason',
    { deviceClass: 'enum', options: chargeReasons },
    spoken((b) => reasonOf(b.reasons.chargeCurrent, chargeReasons)),
    told,
  ),
  sensor(
    'changes',
    'discharge_limit_reason',
    'Discharge limit reason',
    { deviceClass: 'enum', options: dischargeReasons },
    spoken((b) => reasonOf(b.reasons.dischargeCurrent, dischargeReasons)),
    told,
  ),
  sensor(
    'changes',
    'batteries_online',
    'Batteries online',
    q.count,
    ({ bank }) => bank?.signals.packsOnline,
    told,
  ),
  binary(
    'changes',
    'problem',
    'Problem',
    'problem',
    (known) => {
      const found = troubles(known);
      return found && found.length > 0;
    },
    always,
  ),
  sensor(
    'changes',
    'problem_text',
    'Problem is',
    q.text,
    (known) => {
      const found = troubles(known);
      return found && shortened(found.join('; ') || 'none');
    },
    told,
  ),
  binary(
    'changes',
    'charge_allowed',
    'Charging allowed',
    undefined,
    spoken((_, s) => s.chargeEnable),
    always,
  ),
  binary(
    'changes',
    'discharge_allowed',
    'Discharging allowed',
    undefined,
    spoken((_, s) => s.dischargeEnable),
    always,
  ),
];
