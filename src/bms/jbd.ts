import { bitsOf } from '../bytes/bits.ts';
import { inRow, readAll, readField, readFields, readRow } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import {
  type Advert,
  type Answer,
  type BmsDriver,
  type Dialect,
  DONE,
  type DriverOptions,
  type Pending,
} from './driver.ts';
import { jbdControl } from './jbd-control.ts';
import * as at from './jbd-fields.ts';
import { dataOf, frameOf, jbdFraming, READ, STATUS_DONE, statusText, WRITE } from './jbd-frame.ts';
import { jbdLogin } from './jbd-login.ts';

/** The names of the bits that are set, each once, in the order of the bits. */
const raised = (word: number, names: readonly (AlarmName | undefined)[]): AlarmName[] => [
  ...new Set(
    bitsOf(word)
      .map((bit) => names[bit - 1])
      .filter((name) => name !== undefined),
  ),
];

/** As many sensors as are announced; one whose bytes are missing (BLE reference 1.10, item 3) is undefined in its place. */
const temperatures = (data: Uint8Array, count: number): (number | undefined)[] =>
  Array.from({ length: Math.min(count, at.MAX_SENSORS) }, (_, i) => readField(data, inRow(at.sensor, i)));

function unitOf(fets: number, { capacityScale = 'auto' }: DriverOptions): 1 | 10 {
  if (capacityScale !== 'auto') return capacityScale;
  return fets & at.UNIT_FLAG ? 10 : 1;
}

/** A word outside 2000 to 2127 cannot be; a day or month that is none is no date. */
function dateOf(word: number): string | undefined {
  const [year, month, day] = [2000 + (word >> 9), (word >> 5) & 15, word & 31];
  if (month < 1 || month > 12 || day < 1) return undefined;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The balance current is unreliable: 0x8110 was seen (BLE reference 1.4). */
const MAX_BALANCE_A = 5;

/** What only people read; humidity 0 is a sensor that is not fitted. */
function remarksOf(data: Uint8Array, sensors: number, fets: number, unit: 1 | 10) {
  const { productionDate = 0, version = 0 } = readFields(data, at.remarks);
  const { humidity_pct, balance_current_A = 0, ...more } = readFields(data, at.extension(sensors, unit));
  const date = dateOf(productionDate);
  return {
    firmware_version: `${version >> 4}.${version & 15}`,
    ...(date !== undefined && { production_date: date }),
    current_limiting: (fets & at.CURRENT_LIMITING) !== 0,
    heating: (fets & at.HEATING) !== 0,
    ...(humidity_pct && { humidity_pct }),
    ...(balance_current_A > 0 && balance_current_A <= MAX_BALANCE_A && { balance_current_A }),
    ...more,
  };
}

function readBasic(data: Uint8Array, options: DriverOptions): BatteryReading | undefined {
  const states = readAll(data, at.states);
  if (!states) return undefined;
  const { protection, fets, sensorCount } = states;
  const unit = unitOf(fets, options);
  const warnings = readField(data, at.warningBits(sensorCount));
  return {
    ...readFields(data, at.basic),
    ...readFields(data, at.amperes(unit)),
    temperaturesC: temperatures(data, sensorCount),
    balancingCells: bitsOf(states.balance1to16 + states.balance17to32 * 0x10000),
    chargeFet: (fets & at.CHARGE_FET) !== 0,
    dischargeFet: (fets & at.DISCHARGE_FET) !== 0,
    blockedBySoftware: (protection & at.SOFTWARE_LOCK) !== 0,
    alarms: raised(protection, at.protectionNames),
    ...(warnings !== undefined && { warnings: raised(warnings, at.warningNames) }),
    details: remarksOf(data, sensorCount, fets, unit),
  };
}

function readCells(data: Uint8Array): BatteryReading | undefined {
  const cells = data.length / 2;
  if (!Number.isInteger(cells) || cells < 1 || cells > at.MAX_CELLS) return undefined;
  return { cellVoltagesV: readRow(data, at.cell, cells) };
}

/** ASCII up to the first NUL; no name is no name. */
function readName(data: Uint8Array): BatteryReading {
  const [text = ''] = String.fromCharCode(...data).split('\0');
  const name = text.replace(/[^ -~]/g, '?').trim();
  return name ? { name } : {};
}

/** Of 11 words, or 12 from newer firmware. */
function readCounters(data: Uint8Array): BatteryReading | undefined {
  if (data.length !== 22 && data.length !== 24) return undefined;
  const words = readRow(data, { at: 0, as: 'u16be' }, data.length / 2);
  return { details: Object.fromEntries(words.map((n, i) => [at.counterNames[i] ?? '', n])) };
}

/** The trips of the BMS. A threshold of 0 A is none that was set. */
function readSettings(data: Uint8Array, { capacityScale }: DriverOptions): BatteryReading | undefined {
  const [high, low, count] = data;
  const functions = readField(data, at.functions);
  if (high !== 0 || low !== 0 || count !== at.SETTINGS_COUNT || functions === undefined) return undefined;
  const unit = functions & at.FUNCTION_UNIT ? at.UNIT_FLAG : 0;
  const { charge = 0, discharge = 0 } = readFields(data, at.overCurrents(unitOf(unit, { capacityScale })));
  return {
    ...(charge > 0 && { chargeOverCurrentA: charge }),
    ...(discharge < 0 && { dischargeOverCurrentA: -discharge }),
    details: readFields(data, at.settings),
  };
}

interface Part {
  readonly name: string;
  /** Undefined when the data is no such answer. */
  readonly read: (data: Uint8Array, options: DriverOptions) => BatteryReading | undefined;
}

const parts: { readonly [register: number]: Part } = {
  [at.BASIC]: { name: 'basic', read: readBasic },
  [at.CELLS]: { name: 'cells', read: readCells },
  [at.NAME]: { name: 'name', read: readName },
  [at.COUNTERS]: { name: 'counters', read: readCounters },
  [at.SETTINGS]: { name: 'settings', read: readSettings },
};

const registerText = (register: number): string => `register 0x${register.toString(16).padStart(2, '0')}`;
const rejected = (why: string): Answer => ({ kind: 'rejected', why });

function answer(frame: Uint8Array, { request, options }: Pending): Answer {
  const [, register = 0, status = 0] = frame;
  const pending = request?.[2];
  if (pending !== undefined && register !== pending)
    return rejected(`answers ${registerText(register)} while ${registerText(pending)} is asked`);
  const refusal = statusText[status];
  if (refusal) return { kind: 'refused', why: `${registerText(register)} refused: ${refusal}` };
  if (request?.[1] === WRITE && status === STATUS_DONE) return { kind: 'part', part: DONE, reading: {} };
  const part = status === STATUS_DONE ? parts[register] : undefined;
  if (!part) return rejected(`${registerText(register)} with status ${status} is no answer we know`);
  const data = dataOf(frame);
  const reading = part.read(data, options);
  if (!reading) return rejected(`${registerText(register)} cannot have ${data.length} data bytes`);
  return { kind: 'part', part: part.name, reading };
}

/** Names that makers and sellers give their JBD units (BLE reference, section 11). */
const jbdName = /^(JBD-|DWF|LSG-|SX1|SX60|SBL-|OGR-|TZ-H|DP04S|SP\d+S)/i;

/** Newer boards of Daly show the same service. */
const dalyName = /^(DL|JHB)-/;

const UART = '6e400001b5a3f393e0a9e50e24dcca9e';

/** The name alone decides only where the services do not point to another family. */
const matches = ({ name = '', services }: Advert): boolean =>
  (services.includes('ff00') && !dalyName.test(name)) ||
  (jbdName.test(name) && (services.length === 0 || services.includes('fff0') || services.includes(UART)));

const read = (register: number, data: readonly number[] = []): Uint8Array => frameOf(READ, register, data);

export const jbdUart: Dialect = {
  id: 'uart',
  requests: () => [
    { name: 'basic', bytes: read(at.BASIC), required: true },
    { name: 'cells', bytes: read(at.CELLS), required: true },
    {
      name: 'settings',
      bytes: read(at.SETTINGS, [0, 0, at.SETTINGS_COUNT]),
      required: false,
      once: true,
    },
    { name: 'name', bytes: read(at.NAME), required: false, once: true },
    { name: 'counters', bytes: read(at.COUNTERS), required: false, once: true },
  ],
  framing: jbdFraming,
  login: jbdLogin,
  control: jbdControl,
  answer,
};

/** JBD, also sold as Xiaoxiang, Overkill Solar, LLT and inside many drop-in batteries (BLE reference, section 1). */
export const jbd: BmsDriver = {
  id: 'jbd',
  title: 'JBD (Jiabaida, Xiaoxiang, Overkill Solar, LLT)',
  gatt: [
    { service: 'ff00', notify: 'ff01', write: 'ff02' },
    { service: 'fff0', notify: 'fff1', write: 'fff2' },
    {
      service: UART,
      notify: '6e400003b5a3f393e0a9e50e24dcca9e',
      write: '6e400002b5a3f393e0a9e50e24dcca9e',
    },
  ],
  matches,
  dialects: [jbdUart],
};
