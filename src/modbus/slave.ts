// What stands behind a unit id: the register map as the Modbus engine asks it.
import type { Taken } from './underway.ts';

/** 1 illegal function, 2 illegal address, 3 illegal value, 4 device failure, 6 busy (RS485 reference, section 1.3). */
export type ExceptionCode = 1 | 2 | 3 | 4 | 6;

/** `true`: all of it was taken. `false`: an address is missing or read-only, nothing was taken. A code: refused, nothing was taken. */
export type Written = boolean | ExceptionCode;

/** Coils and discrete inputs, for the few maps that have them (EPever). */
export interface Bits {
  /** Undefined when any address of the range is missing. `fc` is 1 (coils) or 2 (discrete inputs). */
  read(fc: number, address: number, quantity: number): readonly boolean[] | undefined;
  write(address: number, values: readonly boolean[]): Written;
}

/** What FC17 and FC43/14 tell. Object ids: 0 vendor, 1 product code, 2 revision, 3 URL, 4 product, 5 model, 6 application. */
export interface Identity {
  readonly serverId: string;
  readonly objects: ReadonlyMap<number, string>;
}

/** One battery as a master sees it. All members answer at once, from memory. */
export interface Slave {
  /** Function codes on offer; every other one is exception 01. */
  readonly functions: ReadonlySet<number>;
  /** `silent`: no answer to anything. A code: that exception to every addressed request. Neither executes a write. */
  mood(): 'answer' | 'silent' | ExceptionCode;
  /** Undefined when any address of the range is missing. `fc` is 3 (holding) or 4 (input). */
  read(fc: number, address: number, quantity: number): Uint16Array | undefined;
  /** These registers, read just now, stand in the reply that is made. */
  told?(fc: number, address: number, quantity: number): void;
  /** Of the reply just made: what is called once the line took it. */
  taken?(): Taken | undefined;
  /** All or nothing. */
  write(address: number, values: Uint16Array): Written;
  readonly bits?: Bits;
  readonly identity?: Identity;
  /** Length field of FC03 replies; absent is `bytes8`, standard Modbus (RS485 reference, section 8). */
  readonly readHeader?: 'bytes8' | 'bytes16' | 'words16';
}
