/** What the installer chose for charging, over what the chemistry offers. Voltages of one cell, V; days are running time. */
export interface ChargeHabits {
  /** Where a usual charge ends; absent: the chemistry's. Lower is the long-life habit. */
  readonly bulkV?: number;
  /** Where a charged bank is kept; absent: the chemistry's. */
  readonly floatV?: number;
  /** Where a balancing charge goes; absent: the chemistry's bulk voltage. */
  readonly balanceV?: number;
  /** A balancing charge this often; absent: every 10 days with a long-life `bulkV`, else never. */
  readonly balanceEveryDays?: number | 'never';
  /** A charged bank is charged anew after so many days at rest; absent: only when it was used. */
  readonly rechargeEveryDays?: number;
  /** How long the cells stay together at the top before the charge ends. */
  readonly absorptionMs: number;
  /** `stop` is for inverters that know no float: CVL falls to the rebulk voltage. */
  readonly afterFull: 'float' | 'stop';
  /** SoC, %, at which the inverter is asked to charge, and up to where. */
  readonly forceCharge: { readonly startPct: number; readonly stopPct: number };
}

/** Bank reference, sections 4.2 and 5. */
export const usualHabits: ChargeHabits = {
  absorptionMs: 900_000,
  afterFull: 'float',
  forceCharge: { startPct: 10, stopPct: 20 },
};

/** The part of a chemistry that a charge follows. V of one cell. */
export interface ChargeVoltages {
  readonly bulkV: number;
  readonly floatV: number;
  /** A charged string that has sunk to this mean cell is charged again. */
  readonly rebulkV: number;
  /** Full is a cell that would rest at `startV`; at 0.05 C it shows `fullV` (bank reference, section 5.2). */
  readonly tail: { readonly startV: number; readonly fullV: number };
}

/** What a charge goes by: the habits over the voltages. V of one cell; spans in ms of running time, infinite for never. */
export interface ChargeAims extends ChargeVoltages, Pick<ChargeHabits, 'absorptionMs' | 'afterFull'> {
  readonly balanceV: number;
  readonly balanceEveryMs: number;
  readonly rechargeEveryMs: number;
}

export const DAY_MS = 24 * 3_600_000;

const LONG_LIFE_BALANCE_DAYS = 10;
/** A bank at rest is not charged again by the very voltage it rests at. */
const REBULK_BELOW_FLOAT_V = 0.02;

/** Float is never above bulk, rebulk is below float, balancing is never below bulk. */
export function chargeAims(voltages: ChargeVoltages, habits: ChargeHabits): ChargeAims {
  const bulkV = habits.bulkV ?? voltages.bulkV;
  const floatV = Math.min(habits.floatV ?? voltages.floatV, bulkV);
  const usualDays = bulkV < voltages.bulkV ? LONG_LIFE_BALANCE_DAYS : 'never';
  return {
    bulkV,
    floatV,
    rebulkV: Math.min(voltages.rebulkV, floatV - REBULK_BELOW_FLOAT_V),
    balanceV: Math.max(habits.balanceV ?? voltages.bulkV, bulkV),
    balanceEveryMs: daysInMs(habits.balanceEveryDays ?? usualDays),
    rechargeEveryMs: daysInMs(habits.rechargeEveryDays ?? 'never'),
    tail: voltages.tail,
    absorptionMs: habits.absorptionMs,
    afterFull: habits.afterFull,
  };
}

const daysInMs = (days: number | 'never'): number =>
  days === 'never' ? Number.POSITIVE_INFINITY : days * DAY_MS;

const MOST_AT_ONCE_MS = 5000;

/** The running time that counts: after a stall at most 5 s of it, never less than nothing. */
export const countedMs = (passedMs: number): number =>
  passedMs > 0 ? Math.min(passedMs, MOST_AT_ONCE_MS) : 0;
