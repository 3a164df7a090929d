import { isSame } from '../bytes/same.ts';
import type { Control } from './driver.ts';
import { commandOf, requestOf } from './jk-frame.ts';

/**
 * What is written to a JK unit (BLE reference 2.5): a register with a value of 4 bytes. The board says "ready" (C8) to what it
 * is told as to much else, so that proves nothing: only the state of the MOSFETs, which comes by itself, tells what it did.
 */
const CHARGE = 0x1d;
const DISCHARGE = 0x1e;
const switches: readonly (number | undefined)[] = [CHARGE, DISCHARGE];

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
  isSwitch: (bytes) => switches.includes(commandOf(bytes) ?? -1),
};
