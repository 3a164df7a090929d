import { isSame } from '../bytes/same.ts';
import type { Control } from './driver.ts';
import { readBy, writeBegunBy, writeRequest } from './modbus-frame.ts';

/** What is written to a Daly unit (BLE reference 3.1, 3.3). */

/** D2: one register each, 1 is on; as the maker's app writes them (HCI log in fl4p/batmon-ha issue 356). */
export const D2 = 0xd2;
const D2_SWITCHES = { charge: 0x00a5, discharge: 0x00a6 } as const;
/** Three words that hold the password of the maker's app. */
const PASSWORD = 0x00c9;
const PASSWORD_END = 0x00cc;

/** A5: a command each, whose first data byte is 1 for on. */
export const A5 = 0xa5;
export const A5_SWITCHES = { charge: 0xda, discharge: 0xd9 } as const;

/**
 * P81 boards have these at 121 and 122 (patagonaa/esphome-daly-hkms-bms), where those whose settings lie as D2's, 80 further on,
 * keep other things: nobody can tell which a board is, so nothing is written to any. Raw bytes do not pass the guard by them either.
 */
const SWITCH_REGISTERS = [0x00a5, 0x00a6, 0x0121, 0x0122];

/** Whichever of Daly's dialects it is in. */
function isDalySwitch(bytes: Uint8Array): boolean {
  const [start, , command] = bytes;
  if (start === A5 && (command === A5_SWITCHES.charge || command === A5_SWITCHES.discharge)) return true;
  const { unit = 0, register: first = 0, count = 0 } = writeBegunBy(bytes) ?? {};
  return (
    (unit === D2 || (unit & 0xf0) === 0x80) &&
    SWITCH_REGISTERS.some((register) => register >= first && register < first + count)
  );
}

export const d2Control: Control = {
  reads: ['status'],
  fet: (direction, on, { chargeFet, dischargeFet }) =>
    chargeFet === undefined || dischargeFet === undefined
      ? []
      : [[writeRequest(D2, D2_SWITCHES[direction], on ? 1 : 0)]],
  isRead(frame) {
    const block = readBy(frame, D2);
    return block?.fn === 3 && (block.register + block.count <= PASSWORD || block.register >= PASSWORD_END);
  },
  isSwitch: isDalySwitch,
};

/** `frameOf` makes a frame of this dialect with a command and its data. */
export const a5Control = (
  frameOf: (command: number, data?: readonly number[]) => Uint8Array,
  reads: readonly number[],
): Control => ({
  reads: ['state', 'pack'],
  fet: (direction, on, { chargeFet, dischargeFet }) =>
    chargeFet === undefined || dischargeFet === undefined
      ? []
      : [[frameOf(A5_SWITCHES[direction], [on ? 1 : 0])]],
  isRead: (frame) => reads.some((command) => isSame(frameOf(command), frame)),
  isSwitch: isDalySwitch,
});
