import { bitsOf } from '../bytes/bits.ts';
import { type Field, readAll, readRow } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { Advert, Answer, BmsDriver, Dialect, Framing, Learned, Pending } from './driver.ts';

/**
 * LiTime and its sisters (BLE reference, section 6). Asked: 00 00 04 01 13 55 AA and a sum. Answered: 00 00, LEN, 01, the command
 * with its top bit set, 55 AA, data, the sum of all before it; LEN + 4 bytes. Numbers have their low byte first.
 */
const STATUS = 0x13;
const ANSWERED = 0x80;
const request = Uint8Array.of(0x00, 0x00, 0x04, 0x01, STATUS, 0x55, 0xaa, 0x17);
const OVERHEAD = 4;
/** Shorter, and not even the marks behind the length would be there. */
const MIN_LENGTH = 4;
/** A status that is shorter has lost its end. */
const STATUS_BYTES = 105;
/** Fixed bytes by their place. Without the later ones any run of zeros would be a frame whose sum is right. */
const marks: readonly (readonly [at: number, byte: number])[] = [
  [0, 0x00],
  [1, 0x00],
  [3, 0x01],
  [5, 0x55],
  [6, 0xaa],
];

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;

const framing: Framing = {
  measure: (bytes) => {
    if (marks.some(([at, byte]) => at < bytes.length && bytes[at] !== byte)) return 'not-a-frame';
    const [, , length] = bytes;
    if (length === undefined || bytes.length < 7) return 'need-more';
    return length < MIN_LENGTH ? 'not-a-frame' : length + OVERHEAD;
  },
  intact: (frame) => frame.at(-1) === sumOf(frame.subarray(0, -1)),
};

const values = {
  voltageV: { at: 12, as: 'u16le', scale: 0.001 },
  currentA: { at: 48, as: 'i32le', scale: 0.001 },
  remainingCapacityAh: { at: 62, as: 'u16le', scale: 0.01 },
  nominalCapacityAh: { at: 64, as: 'u32le', scale: 0.01 },
  socPct: { at: 90, as: 'u16le' },
  sohPct: { at: 92, as: 'u32le' },
  cycles: { at: 96, as: 'u32le' },
} as const satisfies Record<string, Field>;

const words = {
  switches: { at: 68, as: 'u32le' },
  protection: { at: 76, as: 'u32le' },
  failure: { at: 80, as: 'u32le' },
  balance: { at: 84, as: 'u32le' },
  state: { at: 88, as: 'u16le' },
} as const satisfies Record<string, Field>;

const cell: Field = { at: 16, as: 'u16le', scale: 0.001 };
const CELL_SLOTS = 16;
const sensor: Field = { at: 52, as: 'i16le' };
const SENSOR_SLOTS = 5;

// Bits as the maker's app names them (calledit/LiTime_BMS_bluetooth; naugehyde/bt-sensors-plugin-sk:sensor_classes/ShenzhenLiOnBMS.js).
const HEATER_ERROR = 0x02;
const DISCHARGE_SWITCHED_OFF = 0x80;
const CHARGE_DISABLED = 4;
/** By bit, from 1. A bit that is not here is a fault without a name. */
const protectionNames: { readonly [bit: number]: AlarmName } = {
  3: 'cell_high_voltage',
  6: 'cell_low_voltage',
  7: 'high_charge_current',
  8: 'high_discharge_current',
  9: 'high_temperature',
  10: 'high_temperature',
  11: 'low_temperature',
  12: 'low_temperature',
  15: 'short_circuit',
};

/** Slots behind the last one that ever held something are not used; a zero among the others keeps its place. */
function used(row: readonly number[], known: Learned[string] | undefined): number[] {
  const count = row.findLastIndex((value) => value !== 0) + 1;
  return row.slice(0, Math.max(count, typeof known === 'number' ? known : 0));
}

/** Which switches are known: charging as the state says, discharging only when somebody switched it off in the app. */
function switches(state: number, bits: number): BatteryReading {
  const isOff = (bits & DISCHARGE_SWITCHED_OFF) !== 0;
  return {
    ...((state <= 2 || state === CHARGE_DISABLED) && { chargeFet: state !== CHARGE_DISABLED }),
    ...(isOff && { dischargeFet: false }),
    blockedBySoftware: isOff,
  };
}

function alarmsOf(protection: number, failure: number): AlarmName[] {
  const names = bitsOf(protection).map((bit) => protectionNames[bit] ?? 'internal');
  return [...new Set(failure ? [...names, 'internal' as const] : names)];
}

const rejected = (why: string): Answer => ({ kind: 'rejected', why });

function answer(frame: Uint8Array, { learned }: Pending): Answer {
  const command = frame[4] ?? 0;
  if (command !== (STATUS | ANSWERED))
    return rejected(`command 0x${command.toString(16)} is no answer we know`);
  const data = frame.subarray(0, -1);
  const [told, bits] = [readAll(data, values), readAll(data, words)];
  if (!told || !bits || frame.length < STATUS_BYTES)
    return rejected(`a status cannot have ${frame.length} bytes`);
  const cellVoltagesV = used(readRow(data, cell, CELL_SLOTS), learned.cells);
  if (cellVoltagesV.length === 0) return rejected('a status without a cell cannot be');
  // Every pack has one sensor: alone and at 0 °C it would look like none.
  const temperaturesC = used(readRow(data, sensor, SENSOR_SLOTS), learned.sensors ?? 1);
  const reading: BatteryReading = {
    ...told,
    cellVoltagesV,
    temperaturesC,
    balancingCells: bitsOf(bits.balance),
    ...switches(bits.state, bits.switches),
    alarms: alarmsOf(bits.protection, bits.failure),
    warnings: bits.switches & HEATER_ERROR ? ['internal'] : [],
  };
  const taught = { cells: cellVoltagesV.length, sensors: temperaturesC.length };
  return { kind: 'part', part: 'status', reading, learned: taught };
}

const COMPANY = 0x585a;
/** Names of batteries; the makers' chargers use the same company id and service (patman15/aiobmsble:aiobmsble/bms/redodo_bms.py). */
const batteryName =
  /^((P|PQ|R|RO)-(12|24)|L-(12|24|51)|LT-12.{3}BG-A0[7-9]|LT-24.{3}B-A(00[3-9]|0?[1-9])|LT-51|SS?-)/;

const matches = ({ name, services, companyId }: Advert): boolean =>
  companyId === COMPANY && services.includes('ffe0') && (name === undefined || batteryName.test(name));

export const litimeBle: Dialect = {
  id: 'ble',
  requests: () => [{ name: 'status', bytes: request, required: true }],
  framing,
  answer,
};

export const litime: BmsDriver = {
  id: 'litime',
  title: 'LiTime (Redodo, Power Queen, Ampere Time)',
  gatt: [{ service: 'ffe0', notify: 'ffe1', write: 'ffe2' }],
  matches,
  dialects: [litimeBle],
};
