import { crc16 } from '../bytes/crc16.ts';
import { type Field, inRow, readAll, readField, readRow } from '../bytes/field.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { Advert, Answer, BmsDriver, Dialect, Framing } from './driver.ts';

/**
 * Eco-Worthy BW02 and BW0B adapters send two kinds of frames by themselves, A1 (pack) and A2 (cells) (BLE reference, section 7).
 * A frame is a head, a Modbus answer of the board inside (function 03, length, data), and a CRC over all of it, low byte first.
 * Version 1 begins with the kind and has 14 bytes before the data, version 2 begins with the adapter's own address and has 12:
 * so in all public frames of both (patman15/aiobmsble, tests/bms/test_ecoworthy_bms.py; patman15/BMS_BLE-HA, issue 286).
 */
const PACK = 0xa1;
const CELLS = 0xa2;
const READ = 0x03;
const TAIL = 2;
const ADDRESS_BYTES = 6;
const VERSION_1 = { kindAt: 0, head: 14, currentScale: 0.01 } as const;
const VERSION_2 = { kindAt: ADDRESS_BYTES, head: 12, currentScale: 0.1 } as const;
type Version = typeof VERSION_1 | typeof VERSION_2;

/** Slots between the two counts. */
const MAX_CELLS = 32;
const MAX_SENSORS = 16;
/** Instead of a sensor that is not fitted. */
const NO_SENSOR_C = -100;

// `at` counts from the first data byte: the reference's offsets of version 1 less 14.
const pack = {
  socPct: { at: 2, as: 'u16be' },
  sohPct: { at: 4, as: 'u16be' },
  voltageV: { at: 6, as: 'u16be', scale: 0.01 },
  nominalCapacityAh: { at: 12, as: 'u16be', scale: 0.01 },
} as const satisfies Record<string, Field>;
/** Positive while charging. */
const current = (scale: Version['currentScale']) => ({ at: 8, as: 'i16be', scale }) as const satisfies Field;
/** Bits that nobody has named; 0 in every public frame of a healthy pack. */
const problem = { at: 37, as: 'u16be' } as const satisfies Field;
const counts = { cells: { at: 0, as: 'u16be' }, sensors: { at: 66, as: 'u16be' } } as const satisfies Record<
  string,
  Field
>;
const cell = { at: 2, as: 'u16be', scale: 0.001 } as const satisfies Field;
const sensor = { at: 68, as: 'i16be', scale: 0.1 } as const satisfies Field;

const isKind = (byte: number | undefined): boolean => byte === PACK || byte === CELLS;

/** Length of the frame, if these bytes begin one of this version. */
function lengthAs({ kindAt, head }: Version, bytes: Uint8Array): number | 'need-more' | 'not-a-frame' {
  if (bytes.length > kindAt && !isKind(bytes[kindAt])) return 'not-a-frame';
  const [fn, length] = [bytes[head - 2], bytes[head - 1]];
  if (fn !== undefined && fn !== READ) return 'not-a-frame';
  return length === undefined ? 'need-more' : head + length + TAIL;
}

const intact = (frame: Uint8Array): boolean => {
  const [low = 0, high = 0] = frame.subarray(-TAIL);
  return crc16(frame, 0, frame.length - TAIL) === high * 256 + low;
};

/** An adapter's address may itself begin with A1 or A2: the version is the one whose checksum is right, as far as it has come. */
function versionOf(bytes: Uint8Array): Version {
  const length = lengthAs(VERSION_1, bytes);
  if (length === 'not-a-frame') return VERSION_2;
  const isWhole = length !== 'need-more' && length <= bytes.length;
  return isWhole && !intact(bytes.subarray(0, length)) ? VERSION_2 : VERSION_1;
}

const framing: Framing = { measure: (bytes) => lengthAs(versionOf(bytes), bytes), intact };

/** What the problem bits mean is not known, so they warn and stop nothing. */
function readPack(data: Uint8Array, { currentScale }: Version): BatteryReading | undefined {
  const told = readAll(data, { ...pack, currentA: current(currentScale) });
  const bits = readField(data, problem);
  return told && bits !== undefined ? { ...told, warnings: bits === 0 ? [] : ['internal'] } : undefined;
}

const temperature = (data: Uint8Array, i: number): number | undefined => {
  const celsius = readField(data, inRow(sensor, i));
  return celsius === NO_SENSOR_C ? undefined : celsius;
};

function readCells(data: Uint8Array): BatteryReading | undefined {
  const told = readAll(data, counts);
  if (!told || told.cells < 1 || told.cells > MAX_CELLS) return undefined;
  const sensors = Math.min(told.sensors, MAX_SENSORS);
  return {
    cellVoltagesV: readRow(data, cell, told.cells),
    temperaturesC: Array.from({ length: sensors }, (_, i) => temperature(data, i)),
  };
}

function answer(frame: Uint8Array): Answer {
  const version = versionOf(frame);
  const isPack = frame[version.kindAt] === PACK;
  const data = frame.subarray(version.head, -TAIL);
  const reading = isPack ? readPack(data, version) : readCells(data);
  const part = isPack ? 'pack' : 'cells';
  if (!reading)
    return { kind: 'rejected', why: `a ${part} frame of ${data.length} data bytes does not hold` };
  return { kind: 'part', part, reading };
}

/**
 * Two start commands, each with a CRC of its own; they make an adapter talk that keeps silent
 * (patman15/aiobmsble, aiobmsble/bms/ecoworthy_bms.py). Most talk without them.
 */
const rouse: readonly Uint8Array[] = [
  Uint8Array.of(0xff, 8, 2, 0, 0x0b, 1, 0, 0x64, 1, 255, 255, 255, 255, 255, 255, 255, 0x00, 0x2d),
  Uint8Array.of(0xff, 8, 2, 0, 0x0b, 1, 0, 0x14, 1, 255, 255, 255, 255, 255, 255, 255, 0x65, 0xef),
];

export const ecoWorthyStream: Dialect = {
  id: 'stream',
  requests: () => [],
  stream: { parts: ['pack', 'cells'], rouse },
  framing,
  answer,
};

/** Not every adapter adverts its service. Other Eco-Worthy packs are JBD: their names begin otherwise, their service is ff00. */
const matches = ({ name = '', services }: Advert): boolean =>
  /^(ECO-WORTHY 0[0-9A-F]_|DCHOUSE)/i.test(name) && (services.length === 0 || services.includes('fff0'));

/** Eco-Worthy and DC House batteries with a BW02 or BW0B adapter (BLE reference, section 7). */
export const ecoWorthy: BmsDriver = {
  id: 'eco-worthy',
  title: 'Eco-Worthy BW02, DCHOUSE',
  gatt: [{ service: 'fff0', notify: 'fff1', write: 'fff2' }],
  matches,
  dialects: [ecoWorthyStream],
};
