import type { SignalValues } from '../model/signals.ts';
import type { BankConfig } from './config.ts';
import type { Charge } from './stages.ts';
import type { StringValues } from './strings.ts';

// Design section 8, "SoC told"; bank reference section 5.4.
const HELD_ABOVE_EMPTY_PCT = 1;
const EMPTY_PCT = 0.5;

/** The BMS itself ended the charge: every pack says 100 % and a charge FET is open in every string. */
const endedByBms = (strings: readonly StringValues[]): boolean =>
  strings.every((s) => !s.conductsCharge && s.packs.every((p) => p.reading.socPct >= 100));

/** Declared at the end of a charge, by its stage or by the BMS itself. */
const isFull = (strings: readonly StringValues[], charge: Charge): boolean =>
  charge.full || endedByBms(strings);

const isEmpty = (strings: readonly StringValues[]): boolean =>
  strings.some((s) =>
    s.packs.some(
      ({ reading }) => reading.socPct <= EMPTY_PCT || (reading.alarms ?? []).includes('cell_low_voltage'),
    ),
  );

/** What inverters are told: 100 only when full is declared, 0 only when a pack is empty. */
export function toldSocPct(
  values: SignalValues,
  strings: readonly StringValues[],
  charge: Charge,
  config: BankConfig,
): Pick<SignalValues, 'socToldPct'> {
  const soc = values.socPct;
  if (soc === undefined) return {};
  if (isFull(strings, charge)) return { socToldPct: 100 };
  return {
    socToldPct: Math.min(config.heldSocPct, isEmpty(strings) ? soc : Math.max(HELD_ABOVE_EMPTY_PCT, soc)),
  };
}
