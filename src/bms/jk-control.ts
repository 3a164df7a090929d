import { isSame } from '../bytes/same.ts';
import type { Control } from './driver.ts';
import { commandOf, requestOf } from './jk-frame.ts';
import { writeBegunBy } from './modbus-frame.ts';

/**
 * What is written to a JK unit (BLE reference 2.5): a register with a value of 4 bytes. The board says "ready" (C8) to what it
 * is told as to much else, so that proves nothing: only the state of the MOSFETs, which comes by itself, tells what it did.
 */
const CHARGE = 0x1d;
const DISCHARGE = 0x1e;
const switches: readonly (number | undefined)[] = [CHARGE, DISCHARGE];

/**
 * On its RS485 line a PB board has both at 1070 and 1074, in bytes, 4 each (Sleeper85/esphome-yambms issue 271). Nothing is
 * written there; raw bytes do not pass the guard by them either.
 */
const PB_SWITCHES = { from: 0x1070, to: 0x1078 } as const;
const PB_UNITS = 16;
const WORD = 2;

function isPbSwitch(bytes: Uint8Array): boolean {
  const { unit = 0, register = 0, count = 0 } = writeBegunBy(bytes) ?? {};
  return unit < PB_UNITS && register < PB_SWITCHES.to && register + WORD * count > PB_SWITCHES.from;
}

const INFO = 0x97;
const SETTINGS = 0x96;
const reads = [INFO, SETTINGS].map((command) => requestOf(command));

export const jkControl: Control = {
  reads: ['cells'],
  // JK04 has no FETs that are known; its register of this number may be anything.
  fet: (direction, on, { chargeFet, dischargeFet }) =>
    chargeFet === undefined || dischargeFet === undefined
      ? []
      : [[requestOf(direction === 'charge' ? CHARGE : DISCHARGE, [on ? 1 : 0, 0, 0, 0])]],
  mute: true,
  isRead: (frame) => reads.some((read) => isSame(read, frame)),
  isSwitch: (bytes) => switches.includes(commandOf(bytes) ?? -1) || isPbSwitch(bytes),
};
