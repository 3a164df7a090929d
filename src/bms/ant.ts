import { bitsOf } from '../bytes/bits.ts';
import { crc16 } from '../bytes/crc16.ts';
import { readAll, readField, readRow } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import * as at from './ant-fields.ts';
import type { Advert, Answer, BmsDriver, Dialect, Framing, Learned, Pending } from './driver.ts';

/** ANT frames (BLE reference, section 4): 7E A1, function, address (2), LEN, data, CRC (2), AA 55. Little-endian. */
const START = [0x7e, 0xa1] as const;
const END = [0xaa, 0x55] as const;
const HEAD = 6;
const TAIL = 4;

const STATUS = 0x01;
/** An answer has the function of its request and this. */
const ANSWERED = 0x10;
/** The maker asks for so many bytes; what comes is as long as cells and sensors make it. */
const STATUS_LENGTH = 0xbe;

const crcOf = (frame: Uint8Array): number => crc16(frame, 1, frame.length - TAIL);

export const antFraming = {
  measure: ([first, second = START[1], func = ANSWERED, , , length]) => {
    // A request, echoed, does not tell its own length: it wants that much.
    if (first !== START[0] || second !== START[1] || func < ANSWERED) return 'not-a-frame';
    return length === undefined ? 'need-more' : HEAD + length + TAIL;
  },
  intact: (frame) => {
    const [low = 0, high = 0, ...end] = frame.subarray(-TAIL);
    return end[0] === END[0] && end[1] === END[1] && crcOf(frame) === low + high * 256;
  },
  begins: ([first, second, func], request) =>
    first === START[0] &&
    second === START[1] &&
    request !== undefined &&
    func === (request[2] ?? 0) + ANSWERED,
} as const satisfies Framing;

/** A request carries no data, only how much it wants. */
function requestOf(func: number, address: number, length: number): Uint8Array {
  const frame = Uint8Array.of(...START, func, address & 0xff, address >> 8, length, 0, 0, ...END);
  const crc = crcOf(frame);
  frame.set([crc & 0xff, crc >> 8], HEAD);
  return frame;
}

const fitted = (celsius: number): number | undefined => (celsius === at.NOT_FITTED_C ? undefined : celsius);

/** From this current on the state byte teaches what the sign means; below it may lag behind. */
const TEACHES_A = 1;

/** Boards differ in the sign (BLE reference, section 4): the state byte decides, and at rest what it taught before. */
function currentOf(amperes: number, state: number | undefined, { isReversed }: Learned): number {
  if (state === at.CHARGING) return Math.abs(amperes);
  if (state === at.DISCHARGING) return 0 - Math.abs(amperes);
  return isReversed ? 0 - amperes : amperes;
}

function taught(amperes: number, state: number | undefined): { learned?: Learned } {
  const isMoving = state === at.CHARGING || state === at.DISCHARGING;
  if (!isMoving || Math.abs(amperes) < TEACHES_A) return {};
  return { learned: { isReversed: (state === at.CHARGING) !== amperes > 0 } };
}

function faultOf(
  code: number,
  calm: readonly number[],
  names: { readonly [code: number]: AlarmName },
): AlarmName[] {
  return calm.includes(code) ? [] : [names[code] ?? 'contactor'];
}

/** The rest of a reading, by the two codes of the MOSFETs. */
const mosfets = (charge: number, discharge: number): BatteryReading => ({
  chargeFet: charge === at.MOS_ON,
  dischargeFet: discharge === at.MOS_ON,
  blockedBySoftware: charge === at.MOS_SWITCHED_OFF || discharge === at.MOS_SWITCHED_OFF,
  alarms: [
    ...new Set([
      ...faultOf(charge, at.calmCharge, at.chargeFaults),
      ...faultOf(discharge, at.calmDischarge, at.dischargeFaults),
    ]),
  ],
});

function readStatus(frame: Uint8Array, learned: Learned): Answer | undefined {
  const { [at.STATE]: state, [at.SENSORS]: sensors = 0, [at.CELLS]: cells = 0 } = frame;
  const places = at.behind(cells, sensors);
  const data = frame.subarray(0, -TAIL);
  const [numbers, states] = [readAll(data, places.numbers), readAll(data, places.states)];
  if (cells < 1 || cells > at.MAX_CELLS || sensors > at.MAX_SENSORS || !numbers || !states) return undefined;
  const mosfetTemperatureC = fitted(states.mosfetC);
  const { sohPct, nominalCapacityAh, ...others } = numbers;
  const reading: BatteryReading = {
    ...others,
    // A state of health or a capacity of 0 is not told.
    ...(sohPct > 0 && { sohPct }),
    ...(nominalCapacityAh > 0 && { nominalCapacityAh }),
    currentA: currentOf(states.amperes, state, learned),
    cellVoltagesV: readRow(data, at.cell, cells),
    temperaturesC: readRow(data, at.sensor(cells), sensors).map(fitted),
    ...(mosfetTemperatureC !== undefined && { mosfetTemperatureC }),
    balancingCells: bitsOf(states.balancing).filter((number) => number <= cells),
    ...mosfets(states.chargeMos, states.dischargeMos),
  };
  return { kind: 'part', part: 'status', reading, ...taught(states.amperes, state) };
}

const rejected = (why: string): Answer => ({ kind: 'rejected', why });
const hex = (n: number, digits: number): string => `0x${n.toString(16).padStart(digits, '0')}`;
const nameOf = (frame: Uint8Array, less: number): string =>
  `function ${hex((frame[2] ?? 0) - less, 2)} at ${hex(readField(frame, { at: 3, as: 'u16le' }) ?? 0, 4)}`;

function answer(frame: Uint8Array, { request = requestOf(STATUS, 0, 0), learned }: Pending): Answer {
  const [answers, asked] = [nameOf(frame, ANSWERED), nameOf(request, 0)];
  if (answers !== asked) return rejected(`answers ${answers} while ${asked} is asked`);
  const { [at.SENSORS]: sensors = 0, [at.CELLS]: cells = 0, length } = frame;
  return (
    readStatus(frame, learned) ??
    rejected(`a status of ${length} bytes cannot have ${cells} cells and ${sensors} sensors`)
  );
}

/** ANT-BLE24BHUB, ANT@BLE16ZMUB: the maker's way to name a unit (BLE reference, section 11). */
const matches = ({ name = '', services }: Advert): boolean =>
  /^ANT.?BLE/i.test(name) && (services.length === 0 || services.includes('ffe0'));

export const ant2021: Dialect = {
  id: 'ant2021',
  requests: () => [{ name: 'status', bytes: requestOf(STATUS, 0, STATUS_LENGTH), required: true }],
  framing: antFraming,
  answer,
};

/** ANT, protocol of 2021 and later (BLE reference, section 4). Older units (AA 55 AA FF) speak another one and stay silent. */
export const ant: BmsDriver = {
  id: 'ant',
  title: 'ANT (2021 and later)',
  gatt: [{ service: 'ffe0', notify: 'ffe1', write: 'ffe1' }],
  matches,
  dialects: [ant2021],
};
