import { bitsOf } from '../bytes/bits.ts';
import { readField } from '../bytes/field.ts';
import type { BatteryReading } from '../model/battery.ts';
import { believed, gathered, noRow } from './daly-a5-rows.ts';
import { signed } from './daly-a5-sign.ts';
import { dalyAlarms } from './daly-alarms.ts';
import { A5, A5_SWITCHES, a5Control } from './daly-control.ts';
import { celsiusOf } from './daly-modbus.ts';
import { type Answer, type Dialect, DONE, type Framing, type Learned, type Pending } from './driver.ts';

/**
 * Daly's A5 dialect: older boards and UART dongles (BLE reference 3.3). Frames of 13 bytes, both ways: A5, who sends, command, 08,
 * 8 data bytes, the sum of the first twelve. Numbers have their high byte first.
 */
const BATTERY = 0x01;
/**
 * Who asks: UART sockets and Bluetooth modules answer a PC or an app (80), RS485 sockets a module on their line (40); of some UART
 * sockets the second was told as well (dreadnought/python-daly-bms, softwarecrash/Daly2MQTT). So both are tried.
 */
const APP = 0x80;
const LINE = 0x40;
const DATA = 8;
const HEAD = 4;
const FRAME = HEAD + DATA + 1;

const PACK = 0x90;
const STATE = 0x93;
const COUNTS = 0x94;
const CELLS = 0x95;
const SENSORS = 0x96;
const BALANCE = 0x97;
const ALARMS = 0x98;

const MAX_CELLS = 48;
const MAX_SENSORS = 16;
/** Data bytes of 0x98 that hold bits. The last one is a code, or left over from the answer before. */
const ALARM_BYTES = 7;

const sumOf = (frame: Uint8Array): number =>
  frame.subarray(0, FRAME - 1).reduce((sum, byte) => sum + byte, 0) & 0xff;

function frameOf(host: number, command: number, data: readonly number[] = []): Uint8Array {
  const frame = new Uint8Array(FRAME);
  frame.set([A5, host, command, DATA, ...data]);
  frame[FRAME - 1] = sumOf(frame);
  return frame;
}

const framing: Framing = {
  measure: ([start, sender, , length]) => {
    if (start !== A5) return 'not-a-frame';
    if (sender === undefined || length === undefined) return 'need-more';
    return length === DATA ? FRAME : 'not-a-frame';
  },
  intact: (frame) => frame[FRAME - 1] === sumOf(frame),
};

const byte = (data: Uint8Array, at: number): number => data[at] ?? 0;
const u16 = (data: Uint8Array, at: number): number => readField(data, { at, as: 'u16be' }) ?? 0;
const numberOf = (value: Learned[string] | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

const rejected = (why: string): Answer => ({ kind: 'rejected', why });
const part = (name: string, reading: BatteryReading, learned: Learned = noRow): Answer => ({
  kind: 'part',
  part: name,
  reading,
  learned,
});

function readPack(data: Uint8Array, learned: Learned): Answer {
  const { currentA, learned: way } = signed(u16(data, 4) - 30000, learned);
  const reading = { voltageV: u16(data, 0) / 10, currentA, socPct: u16(data, 6) / 10 };
  return part('pack', reading, { ...noRow, ...way });
}

/** The switches are what the board says of them: they do not always follow (BLE reference 3.3). */
function readState(data: Uint8Array): Answer {
  const remainingCapacityAh = readField(data, { at: 4, as: 'u32be', scale: 0.001 });
  return part(
    'state',
    {
      chargeFet: byte(data, 1) !== 0,
      dischargeFet: byte(data, 2) !== 0,
      ...(remainingCapacityAh !== undefined && { remainingCapacityAh }),
    },
    { ...noRow, state: byte(data, 0) },
  );
}

function readCounts(data: Uint8Array): Answer {
  const [cells, sensors] = [byte(data, 0), byte(data, 1)];
  if (cells < 1 || cells > MAX_CELLS) return rejected(`an A5 board cannot have ${cells} cells`);
  return part(
    'counts',
    { cycles: u16(data, 5) },
    { ...noRow, cells, sensors: Math.min(sensors, MAX_SENSORS) },
  );
}

function readCells(data: Uint8Array, learned: Learned): Answer {
  const count = numberOf(learned.cells);
  if (count === undefined) return rejected('cells came before their number was told (0x94)');
  const values = [0, 1, 2].map((i) => u16(data, 1 + 2 * i));
  const so = gathered({ command: CELLS, perFrame: 3, count }, byte(data, 0), values, learned);
  if (so === 'spare') return { kind: 'more' };
  if ('why' in so) return rejected(so.why);
  if (!so.isWhole) return { kind: 'more', learned: { row: so.row, rowOf: CELLS } };
  const { isBelieved, learned: taught } = believed(so.row, learned);
  // A row that is not believed is no answer yet: the request is repeated, and the next row shows what is true.
  if (!isBelieved) return { kind: 'more', learned: taught };
  return part('cells', { cellVoltagesV: so.row.map((mv) => mv / 1000) }, taught);
}

function readSensors(data: Uint8Array, learned: Learned): Answer {
  const count = numberOf(learned.sensors);
  if (count === undefined) return rejected('temperatures came before their number was told (0x94)');
  const values = [...data.subarray(1)];
  const so = gathered({ command: SENSORS, perFrame: 7, count }, byte(data, 0), values, learned);
  if (so === 'spare') return { kind: 'more' };
  if ('why' in so) return rejected(so.why);
  if (!so.isWhole) return { kind: 'more', learned: { row: so.row, rowOf: SENSORS } };
  return part('temperatures', { temperaturesC: so.row.map(celsiusOf) });
}

function readBalance(data: Uint8Array): Answer {
  const balancingCells = [...data].flatMap((bits, i) => bitsOf(bits).map((bit) => 8 * i + bit));
  return part('balance', { balancingCells });
}

interface Command {
  readonly command: number;
  readonly name: string;
  readonly required: boolean;
  readonly read: (data: Uint8Array, learned: Learned) => Answer;
}

/** The state is asked before the current whose sign it decides, the numbers of cells and sensors before these. */
const commands: readonly Command[] = [
  { command: STATE, name: 'state', required: true, read: readState },
  { command: PACK, name: 'pack', required: true, read: readPack },
  { command: COUNTS, name: 'counts', required: true, read: readCounts },
  { command: CELLS, name: 'cells', required: true, read: readCells },
  { command: SENSORS, name: 'temperatures', required: true, read: readSensors },
  {
    command: ALARMS,
    name: 'alarms',
    required: true,
    read: (data) => part('alarms', dalyAlarms(data.subarray(0, ALARM_BYTES))),
  },
  { command: BALANCE, name: 'balance', required: false, read: readBalance },
];

const hex = (n: number): string => `0x${n.toString(16).padStart(2, '0')}`;
const isSwitchCommand = (command: number): boolean =>
  Object.values(A5_SWITCHES).some((one) => one === command);
const comesInRows = (command: number): boolean => command === CELLS || command === SENSORS;

function answer(frame: Uint8Array, { request, learned }: Pending): Answer {
  const [, sender = 0, command = 0] = frame;
  if (sender !== BATTERY) return rejected(`a frame from ${hex(sender)} is no answer of the battery`);
  const asked = request?.[2];
  if (asked !== undefined && command !== asked)
    // The spare frames of a row come while the next thing is asked already.
    return comesInRows(command)
      ? { kind: 'more' }
      : rejected(`answers ${hex(command)} while ${hex(asked)} is asked`);
  if (asked !== undefined && isSwitchCommand(asked)) return part(DONE, {});
  const known = commands.find((c) => c.command === command);
  return known
    ? known.read(frame.subarray(HEAD, HEAD + DATA), learned)
    : rejected(`${hex(command)} is no answer we know`);
}

const speaking = (id: string, host: number): Dialect => ({
  id,
  requests: () =>
    commands.map(({ command, name, required }) => ({ name, bytes: frameOf(host, command), required })),
  control: a5Control(
    (command, data) => frameOf(host, command, data),
    commands.map(({ command }) => command),
  ),
  framing,
  answer,
});

export const dalyA5 = speaking('a5', APP);
export const dalyA5Line: Dialect = { ...speaking('a5-40', LINE), over: 'wire' };
