import type { Control } from './driver.ts';
import { BASIC, CELLS, COUNTERS, NAME, SETTINGS } from './jbd-fields.ts';
import { frameOf, jbdFraming, READ, START, WRITE } from './jbd-frame.ts';

/** What is written to a JBD unit (BLE reference 1.7), checked there by computation. */
const LEAVE_FACTORY = 0x01;
const FETS = 0xe1;
const FETS_NEW = 0xfb;

/** A bit that is set keeps that FET off, the other way round than in the state that is read. */
const CHARGE_OFF = 0x01;
const DISCHARGE_OFF = 0x02;

const newName = { discharge: 0x00, charge: 0x01 } as const;
const NEW_OFF = 0x01;
const NEW_RELEASE = 0x00;

const CHIP_TYPE = 0x00;
const readable = [CHIP_TYPE, BASIC, CELLS, NAME, COUNTERS, SETTINGS];

const write = (register: number, data: readonly number[]) => frameOf(WRITE, register, data);

const isWhole = (frame: Uint8Array): boolean =>
  jbdFraming.measure(frame) === frame.length && jbdFraming.intact(frame);

export const jbdControl: Control = {
  reads: ['basic'],
  fet(direction, on, { chargeFet, dischargeFet }) {
    if (chargeFet === undefined || dischargeFet === undefined) return [];
    const after = { charge: chargeFet, discharge: dischargeFet, [direction]: on };
    const off = (after.charge ? 0 : CHARGE_OFF) | (after.discharge ? 0 : DISCHARGE_OFF);
    return [
      // As the maker's app does: the second frame leaves factory mode and discards what was not saved.
      [write(FETS, [0, off]), write(LEAVE_FACTORY, [0, 0])],
      [write(FETS_NEW, [newName[direction], on ? NEW_RELEASE : NEW_OFF])],
    ];
  },
  isRead: (frame) => isWhole(frame) && frame[1] === READ && readable.includes(frame[2] ?? -1),
  isSwitch: ([start, direction, register]) =>
    start === START && direction === WRITE && (register === FETS || register === FETS_NEW),
};
