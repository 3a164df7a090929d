import { crc16 } from '../bytes/crc16.ts';
import type { Answer, Dialect, DriverOptions, Framing, Pending } from './driver.ts';
import { jkFraming } from './jk-frame.ts';
import { readInfo, readMeasured, readSettings } from './jk-reading.ts';

/**
 * The RS485 sockets of JK's PB series, set to "001 - JK BMS RS485 Modbus": 115200 baud, units 1 to 15 by their switches. A write of
 * 0 to one of three registers changes nothing and asks for a frame of JK02, behind which the Modbus answer comes (log of a line in
 * gitlab.stn.pl/picoides-monitor/bms/jk-bms; mr-manuel/venus-os_dbus-serialbattery, jkbms_pb.py). The frame does not say whose
 * it is, its tail does: only both together are an answer.
 */
const FIRST_UNIT = 1;
const WRITE = 0x10;
const PAGE = 0x16;
const INFO = 0x1c;
const SETTINGS = 0x1e;
const CELLS = 0x20;

/** The type of the frame that each asks for. */
const types: { readonly [register: number]: number } = { [SETTINGS]: 1, [CELLS]: 2, [INFO]: 3 };

const FRAME = 300;
const TAIL = 8;

const sealed = (bytes: readonly number[]): Uint8Array => {
  const crc = crc16(Uint8Array.from(bytes));
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8);
};
const requestOf = (register: number, { unit = FIRST_UNIT }: DriverOptions): Uint8Array =>
  sealed([unit, WRITE, PAGE, register, 0, 1, 2, 0, 0]);

function hasTail(frame: Uint8Array): boolean {
  const [, fn, page, , , , low = 0, high = 0] = frame.subarray(FRAME);
  return fn === WRITE && page === PAGE && crc16(frame, FRAME, FRAME + TAIL - 2) === high * 256 + low;
}

const framing: Framing = {
  measure(bytes) {
    const claimed = jkFraming.measure(bytes);
    return claimed === FRAME ? FRAME + TAIL : claimed === 'need-more' ? claimed : 'not-a-frame';
  },
  intact: (frame) => jkFraming.intact(frame.subarray(0, FRAME)) && hasTail(frame),
  begins: (piece) => jkFraming.begins(piece),
};

const rejected = (why: string): Answer => ({ kind: 'rejected', why });

function answer(whole: Uint8Array, { request, learned }: Pending): Answer {
  const frame = whole.subarray(0, FRAME);
  const [unit = 0, , , register = 0] = whole.subarray(FRAME);
  const [asked = unit, , , wanted = register] = request ?? [];
  if (unit !== asked) return rejected(`unit ${unit} answers while unit ${asked} is asked`);
  if (register !== wanted || frame[4] !== types[register])
    return rejected('answers another question than is asked');
  if (register === SETTINGS) return readSettings(frame);
  if (register === INFO) return readInfo(frame);
  const reading = readMeasured(frame, learned);
  return typeof reading === 'string' ? rejected(reading) : { kind: 'part', part: 'cells', reading };
}

export const jkPb: Dialect = {
  id: 'pb',
  over: 'wire',
  requests: (options) => [
    { name: 'cells', bytes: requestOf(CELLS, options), required: true },
    { name: 'settings', bytes: requestOf(SETTINGS, options), required: false, once: true },
    { name: 'info', bytes: requestOf(INFO, options), required: false, once: true },
  ],
  framing,
  answer,
};
