import { bitsOf } from '../bytes/bits.ts';
import { inRow, readAll, readField, readRow } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { Advert, Answer, BmsDriver, Dialect, Pending } from './driver.ts';
import { type Block, bytesOf, dataOf, modbusFraming, objection, readRequest } from './modbus-frame.ts';
import * as at from './renogy-fields.ts';

/** Several batteries of one stick have 0x30, 0x31 …; some that were never in an app have 0xF7 (public readers). */
const FIRST_UNIT = 0x30;

const raised = (word: number, names: readonly (AlarmName | undefined)[]): AlarmName[] =>
  bitsOf(word).flatMap((bit) => names[bit - 1] ?? []);

/** It tells no percentage: the ratio of its two capacities is the one it shows itself. */
function readPack(data: Uint8Array): BatteryReading | undefined {
  const told = readAll(data, at.pack);
  if (!told) return undefined;
  const { remainingCapacityAh, nominalCapacityAh, ...rest } = told;
  if (nominalCapacityAh === 0) return { ...rest, remainingCapacityAh };
  const socPct = Number(((100 * remainingCapacityAh) / nominalCapacityAh).toFixed(2));
  return { ...told, socPct };
}

function readCells(data: Uint8Array): BatteryReading | undefined {
  const told = readAll(data, at.counts);
  if (!told || told.cells < 1 || told.cells > at.MAX_SLOTS) return undefined;
  const sensors = Math.min(told.sensors, at.MAX_SLOTS);
  return {
    cellVoltagesV: readRow(data, at.cell, told.cells),
    temperaturesC: Array.from({ length: sensors }, (_, i) => readField(data, inRow(at.sensor, i))),
  };
}

/**
 * A unit that says nothing at all here does not tell its FETs: an RBT100LFP12-BT has a 0 while 0.86 A flow
 * (patman15/aiobmsble, tests/bms/test_renogy_bms.py), others have 0x000E.
 */
const fetsOf = (protection: number): BatteryReading =>
  protection === 0
    ? {}
    : {
        chargeFet: (protection & at.CHARGE_FET) !== 0,
        dischargeFet: (protection & at.DISCHARGE_FET) !== 0,
      };

/** Alarm words whose bits are not certain warn and stop nothing: the protection word has the same alarms by name. */
function readState(data: Uint8Array): BatteryReading | undefined {
  const told = readAll(data, at.states);
  if (!told) return undefined;
  const { protection, warning } = told;
  const isUncertain = told.cellAlarms + told.temperatureAlarms + told.otherAlarms > 0;
  return {
    ...fetsOf(protection),
    alarms: [...new Set(raised(protection, at.protectionNames))],
    warnings: [...raised(warning, at.warningNames), ...(isUncertain ? (['internal'] as const) : [])],
  };
}

/** The model, e.g. RBT100LFP12-BT. */
function readName(data: Uint8Array): BatteryReading {
  const [text = ''] = String.fromCharCode(...data.subarray(at.MODEL_AT, at.MODEL_AT + at.MODEL_BYTES)).split(
    '\0',
  );
  const name = text.replace(/[^ -~]/g, '?').trim();
  return name ? { name } : {};
}

/** A threshold of 0 is none. */
function readSettings(data: Uint8Array): BatteryReading | undefined {
  const told = readAll(data, at.settings);
  if (!told) return undefined;
  const { chargeOverCurrentA: charge, dischargeOverCurrentA: discharge } = told;
  return {
    ...(charge > 0 && { chargeOverCurrentA: charge }),
    ...(discharge < 0 && { dischargeOverCurrentA: -discharge }),
  };
}

interface Part {
  readonly name: string;
  readonly block: Block;
  readonly required: boolean;
  readonly once?: boolean;
  readonly read: (data: Uint8Array) => BatteryReading | undefined;
}

const parts: readonly Part[] = [
  { name: 'pack', block: at.PACK, required: true, read: readPack },
  { name: 'cells', block: at.CELLS, required: true, read: readCells },
  { name: 'state', block: at.STATE, required: true, read: readState },
  { name: 'name', block: at.NAME, required: false, once: true, read: readName },
  { name: 'settings', block: at.SETTINGS, required: false, once: true, read: readSettings },
];

function answer(frame: Uint8Array, { request }: Pending): Answer {
  const objected = objection(frame, request);
  if (objected) return objected;
  const data = dataOf(frame);
  // Each part has a length of its own.
  const part = parts.find(({ block }) => bytesOf(block) === data.length);
  if (!part) return { kind: 'rejected', why: `${data.length} data bytes are no answer we know` };
  const reading = part.read(data);
  if (!reading) return { kind: 'rejected', why: `the ${part.name} answer names no possible number of cells` };
  return { kind: 'part', part: part.name, reading };
}

export const renogyModbus: Dialect = {
  id: 'modbus',
  requests: ({ unit = FIRST_UNIT }) =>
    parts.map(({ name, block, required, once }) => ({
      name,
      bytes: readRequest(unit, block),
      required,
      ...(once && { once }),
    })),
  framing: modbusFraming({ fns: [3], isUnit: (unit) => unit > 0, longest: bytesOf(at.CELLS) }),
  answer,
};

/** The stick's name; charge controllers of Renogy use the same stick, and do not answer as a battery. */
const matches = ({ name = '', services }: Advert): boolean =>
  /^BT-TH-/.test(name) && (services.length === 0 || services.includes('ffd0') || services.includes('fff0'));

/**
 * Renogy batteries with a BT-1, BT-2 or built-in stick (BLE reference, section 8). Cells come in steps of 0.1 V: the bank sees
 * a full or empty cell up to 0.05 V too late, so its cell limits need that much distance.
 */
export const renogy: BmsDriver = {
  id: 'renogy',
  title: 'Renogy (BT-TH sticks)',
  gatt: [{ service: 'fff0', notify: 'fff1', write: 'ffd1' }],
  matches,
  dialects: [renogyModbus],
};
