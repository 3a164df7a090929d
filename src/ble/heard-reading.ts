import { alarmNames } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';

// What comes from another process is held against the shape of a reading before anybody computes with it.

type Is = (value: unknown) => boolean;

/** More than any pack has of anything. */
const MOST = 64;

const isNumber: Is = (value) => typeof value === 'number' && Number.isFinite(value);
const isFlag: Is = (value) => typeof value === 'boolean';
const listOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.length <= MOST && Array.from(value).every(is);
const isAlarms = listOf((name) => alarmNames.some((known) => known === name));
const numbers = listOf(isNumber);

const isDetails: Is = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).length <= MOST &&
  Object.values(value).every((detail) => isNumber(detail) || isFlag(detail) || typeof detail === 'string');

const fields: { readonly [K in keyof Required<BatteryReading>]: Is } = {
  voltageV: isNumber,
  currentA: isNumber,
  socPct: isNumber,
  sohPct: isNumber,
  remainingCapacityAh: isNumber,
  nominalCapacityAh: isNumber,
  cycles: isNumber,
  cellVoltagesV: numbers,
  temperaturesC: listOf((celsius) => celsius === undefined || celsius === null || isNumber(celsius)),
  mosfetTemperatureC: isNumber,
  balancingCells: numbers,
  chargeFet: isFlag,
  dischargeFet: isFlag,
  blockedBySoftware: isFlag,
  alarms: isAlarms,
  warnings: isAlarms,
  name: (value) => typeof value === 'string',
  chargeOverCurrentA: isNumber,
  dischargeOverCurrentA: isNumber,
  details: isDetails,
};

const isField = ([key, value]: [string, unknown]): boolean =>
  value === undefined ||
  // Looked up only when the table has that key.
  (Object.hasOwn(fields, key) && fields[key as keyof BatteryReading](value));

/** True when every value that is there is of the kind that its name promises; how big it is, the bank judges. */
export const isReading = (value: unknown): value is BatteryReading =>
  typeof value === 'object' && value !== null && Object.entries(value).every(isField);
