import type { BatteryReading } from '../model/battery.ts';

/** What no battery can be (BLE reference, section 10). */
const MAX_CELL_V = 5;
const MAX_CURRENT_A = 1000;
const MAX_SOC_PCT = 100;
/** Some units count a little past full; more than this is no percentage. */
const SOC_OVERRUN_PCT = 105;
const MIN_TEMPERATURE_C = -40;
const MAX_TEMPERATURE_C = 120;

export type Judged = { readonly reading: BatteryReading } | { readonly rejected: string };

const within = (n: number, low: number, high: number): boolean => n >= low && n <= high;

/** A sensor that is broken or not fitted shows numbers outside −40 to 120 °C. */
const believed = (celsius: number | undefined): number | undefined =>
  celsius !== undefined && within(celsius, MIN_TEMPERATURE_C, MAX_TEMPERATURE_C) ? celsius : undefined;

/** The ranges of the numbers that reject a reading. Comparisons are written so that NaN is outside. */
const ranges: { readonly [K in keyof BatteryReading]?: readonly [low: number, high: number, unit: string] } =
  {
    voltageV: [0, Number.MAX_VALUE, 'V'],
    currentA: [-MAX_CURRENT_A, MAX_CURRENT_A, 'A'],
    socPct: [0, SOC_OVERRUN_PCT, '% SoC'],
    sohPct: [0, Number.MAX_VALUE, '% SoH'],
    remainingCapacityAh: [0, Number.MAX_VALUE, 'Ah'],
    nominalCapacityAh: [0, Number.MAX_VALUE, 'Ah'],
    cycles: [0, Number.MAX_VALUE, 'cycles'],
    chargeOverCurrentA: [0, Number.MAX_VALUE, 'A'],
    dischargeOverCurrentA: [0, Number.MAX_VALUE, 'A'],
  };

function whyNot(reading: BatteryReading): string | undefined {
  for (const [name, [low, high, unit]] of Object.entries(ranges)) {
    // Object.entries forgets that these keys are the reading's own.
    const value = reading[name as keyof BatteryReading];
    if (typeof value === 'number' && !within(value, low, high)) return `${value} ${unit} cannot be`;
  }
  const cell = reading.cellVoltagesV?.findIndex((volts) => !within(volts, 0, MAX_CELL_V)) ?? -1;
  return cell < 0 ? undefined : `cell ${cell + 1} cannot have ${reading.cellVoltagesV?.[cell]} V`;
}

/**
 * Believes a reading, or a part of one, or says in a sentence why not. SoC of 101 to 105 is full; an impossible temperature is
 * absent in its place, for one broken sensor does not make the rest untrue.
 */
export function plausible(reading: BatteryReading): Judged {
  const rejected = whyNot(reading);
  if (rejected) return { rejected };
  const { mosfetTemperatureC, ...rest } = reading;
  const mosfet = believed(mosfetTemperatureC);
  return {
    reading: {
      ...rest,
      ...(rest.socPct !== undefined && { socPct: Math.min(rest.socPct, MAX_SOC_PCT) }),
      ...(rest.temperaturesC && { temperaturesC: rest.temperaturesC.map(believed) }),
      ...(mosfet !== undefined && { mosfetTemperatureC: mosfet }),
    },
  };
}

/** What a person should look at in a believed reading, one sentence each. None of it drops the reading. */
export function doubts({ voltageV, cellVoltagesV = [] }: BatteryReading): string[] {
  const silent = cellVoltagesV.flatMap((volts, i) => (volts === 0 ? [`cell ${i + 1} reads 0 V`] : []));
  if (voltageV === undefined || cellVoltagesV.length === 0) return silent;
  const sum = cellVoltagesV.reduce((total, volts) => total + volts, 0);
  if (Math.abs(voltageV - sum) <= Math.max(1, 0.03 * voltageV)) return silent;
  return [...silent, `the pack reads ${voltageV} V, its cells add up to ${Number(sum.toFixed(3))} V`];
}
