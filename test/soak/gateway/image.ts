// One look at the bank on a wire, decoded from the documented maps: registers of `generic-modbus`, frames of `pylontech-lv`
// (RS485 reference, section 4; CAN reference, section 3). Nothing here is taken from the profiles.
import { bankOf } from '../../house/master.ts';

/** A place of the bank: volts, the pack and its cell. */
export interface CellSeen {
  readonly milliV: number;
  readonly pack: number;
  readonly cell: number;
}

/** V, A, %, °C; `…Step` is what one count of the wire is worth. */
export interface Image {
  readonly atMs: number;
  readonly currentA: number;
  readonly voltageV: number;
  readonly voltageStepV: number;
  readonly socPct: number;
  readonly socStepPct: number;
  readonly temperatureC: number;
  readonly cvlV: number;
  readonly cclA: number;
  readonly dclA: number;
  readonly isStale: boolean;
  /** What only the registers say. */
  readonly more?: {
    readonly isLate: boolean;
    readonly isValid: boolean;
    readonly ageS: number;
    readonly heartbeat: number | undefined;
    readonly packsOnline: number;
    readonly lowest: CellSeen;
    readonly highest: CellSeen;
    /** Bits 1 and 2 of the status: charging, discharging allowed. */
    readonly enables: readonly [charge: boolean, discharge: boolean];
  };
}

export const FIRST_REGISTER = 0x0100;
export const REGISTERS = 0x30;

/** Registers 0x0100 to 0x012F. */
export function imageOfRegisters(words: readonly number[], atMs: number): Image {
  const bank = bankOf(words);
  const at = (address: number): number => words[address - FIRST_REGISTER] ?? 0;
  const long = (address: number): number => at(address) * 0x10000 + at(address + 1);
  const cell = (volts: number, [pack, number]: readonly [number, number]): CellSeen => ({
    milliV: Math.round(volts * 1000),
    pack,
    cell: number,
  });
  return {
    atMs,
    currentA: (long(0x128) | 0) / 1000,
    voltageV: long(0x126) / 1000,
    voltageStepV: 0.001,
    socPct: at(0x12b) / 100,
    socStepPct: 0.01,
    temperatureC: ((at(0x107) << 16) >> 16) / 10,
    cvlV: bank.cvlV,
    cclA: bank.cclA,
    dclA: bank.dclA,
    isStale: bank.isStale,
    more: {
      isLate: bank.isLate,
      isValid: (bank.status & 1) !== 0,
      ageS: bank.dataAgeS,
      heartbeat: bank.heartbeat,
      packsOnline: bank.packsOnline,
      lowest: cell(bank.minCellV, bank.minCellAt),
      highest: cell(bank.maxCellV, bank.maxCellAt),
      enables: [(bank.status & 2) !== 0, (bank.status & 4) !== 0],
    },
  };
}

/** The core triple repeats at a finer step: both must be of one image. */
export function isTornInItself(words: readonly number[]): boolean {
  const at = (address: number): number => words[address - FIRST_REGISTER] ?? 0;
  const long = (address: number): number => at(address) * 0x10000 + at(address + 1);
  const coarseA = ((at(0x102) << 16) >> 16) / 10;
  const soc = at(0x100);
  return (
    Math.abs(at(0x101) / 10 - long(0x126) / 1000) > 0.051 ||
    Math.abs(coarseA - (long(0x128) | 0) / 1000) > 0.051 ||
    soc !== Math.floor(at(0x12b) / 100)
  );
}

/** The last data of each frame of one beat. */
export type Frames = ReadonlyMap<number, Buffer>;

/** Undefined while a frame that must be there is not, or has another length than the documented one. */
export function imageOfFrames(frames: Frames, atMs: number): Image | undefined {
  const [limits, charge, measured, alarms] = [0x351, 0x355, 0x356, 0x359].map((id) => frames.get(id));
  if (limits?.length !== 8 || charge?.length !== 4 || measured?.length !== 6 || alarms?.length !== 7) return;
  return {
    atMs,
    currentA: measured.readInt16LE(2) / 10,
    voltageV: measured.readInt16LE(0) / 100,
    voltageStepV: 0.01,
    socPct: charge.readUInt16LE(0),
    socStepPct: 1,
    temperatureC: measured.readInt16LE(4) / 10,
    cvlV: limits.readUInt16LE(0) / 10,
    cclA: limits.readInt16LE(2) / 10,
    dclA: limits.readInt16LE(4) / 10,
    isStale: ((alarms[3] ?? 0) & 8) !== 0,
  };
}
