import { createHash } from 'node:crypto';
import { type ChargeHabits, usualHabits } from '../bank/charge-habits.ts';
import { type Ages, agesFor, type BankConfig, type PackConfig, usualBank } from '../bank/config.ts';
import { GatewayError } from '../model/errors.ts';
import { inOrder, readDocument } from '../profile/document.ts';
import { type Placed, placesOf } from '../profile/places.ts';
import { checks } from './checks.ts';
import { loadChemistry } from './chemistry-files.ts';
import { readText } from './files.ts';
import { given } from './given.ts';
import { type BatteryEntry, type GatewayFile, gatewaySchema } from './schema.ts';

/** A gateway file that passed every check, as plain data; with its places, for checks that need more than the file. */
export interface GatewayConfig extends Placed {
  readonly text: string;
  readonly file: GatewayFile;
  readonly bank: BankConfig;
  /** Of the text: a stored state belongs to the configuration that made it. */
  readonly hash: string;
}

function readValid(path: string, text: string) {
  const read = readDocument(path, text, gatewaySchema);
  if ('problems' in read) throw new GatewayError('DOCUMENT_INVALID', { problems: read.problems });
  const problems = inOrder(checks.flatMap((check) => check(read)));
  if (problems.length) throw new GatewayError('DOCUMENT_INVALID', { problems });
  return read;
}

/** Reads and checks `gateway.yaml`. Throws REFUSED (no such file …) or DOCUMENT_INVALID with every place. */
export function readGateway(path: string): GatewayConfig {
  return parseGateway(path, readText(path));
}

export function parseGateway(path: string, text: string): GatewayConfig {
  const read = readValid(path, text);
  const { value: file } = read;
  return { path, text, file, bank: bankConfig(file), hash: hashOf(text), places: placesOf(read) };
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const packConfig = (b: BatteryEntry): PackConfig => ({
  id: b.id,
  cells: b.cells,
  needsTemperature: b.temperature !== 'none',
  ...(b.capacity_Ah !== undefined && { capacityAh: b.capacity_Ah }),
  ...(b.charge_current_A !== undefined && { chargeCurrentA: b.charge_current_A }),
  ...(b.discharge_current_A !== undefined && { dischargeCurrentA: b.discharge_current_A }),
});

function agesOf({ bank, bluetooth }: GatewayFile): Ages {
  const usual = agesFor(bluetooth.poll);
  const { late, lost, ramp, frozen_after, discharge_stale_after } = bank.freshness ?? {};
  const lateMs = late ?? usual.lateMs;
  return {
    freshMs: Math.min(usual.freshMs, lateMs),
    lateMs,
    lostMs: lost ?? usual.lostMs,
    rampMs: ramp ?? usual.rampMs,
    frozenAfterMs: frozen_after ?? usual.frozenAfterMs,
    ...(discharge_stale_after !== undefined && { dischargeStaleAfterMs: discharge_stale_after }),
  };
}

const chosen = ({ bank }: GatewayFile) => ({
  taper: bank.taper,
  combine: bank.combine,
  loss: bank.on_partial_loss,
  reduceForMs: bank.reduce_for,
  alarmRule: bank.alarms,
  limitBySoc: bank.limit_by_soc,
  heldSocPct: bank.charge?.hold_soc_until_full_pct,
  cableDropV: bank.charge?.cable_drop_V,
  hasShunt: bank.shunt === undefined ? undefined : true,
});

function habitsOf({ bank: { charge = {} } }: GatewayFile): ChargeHabits {
  const { force_charge } = charge;
  return {
    ...usualHabits,
    ...given({
      bulkV: charge.bulk_V,
      floatV: charge.float_V,
      balanceV: charge.balance_V,
      balanceEveryDays: charge.balance_every_days,
      rechargeEveryDays: charge.recharge_every_days,
      absorptionMs: charge.absorption,
      afterFull: charge.after_full,
      forceCharge: force_charge && { startPct: force_charge.start_pct, stopPct: force_charge.stop_pct },
    }),
  };
}

/** The bank as its room wants it. The file has passed its checks: every name in a string is a battery. */
export function bankConfig(file: GatewayFile): BankConfig {
  const packs = new Map(file.batteries.map((b) => [b.id, packConfig(b)]));
  const { envelope } = file.bank;
  return {
    strings: file.bank.strings.map((string) => string.flatMap((id) => packs.get(id) ?? [])),
    ...usualBank,
    ...given(chosen(file)),
    habits: habitsOf(file),
    chemistry: loadChemistry(file.bank.chemistry),
    envelope: {
      chargeCurrentA: envelope.charge_current_A,
      dischargeCurrentA: envelope.discharge_current_A,
      cellMaxV: envelope.cell_max_V,
      cellMinV: envelope.cell_min_V,
    },
    ages: agesOf(file),
    seriesSoc: file.bank.series_soc,
  };
}
