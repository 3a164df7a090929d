// The battery of the RS485 reference, section 5: the generic map with its worked examples.
import { fromHex, toHex } from '../../src/bytes/hex.ts';
import type { Bits, ExceptionCode, Slave } from '../../src/modbus/slave.ts';

const FIRST = 0x0100;
const WRITABLE = 0x0180;
const END = 0x0188;

/** SoC 76 %, 52.8 V, −12.5 A, heartbeat 0x5A, CVL 56.8, DVL 44.8, CCL 100.0, DCL 150.0. */
const core = '004C 0210 FF83 005A 0087 0062 0001 00EB 0238 01C0 03E8 05DC 0000 0000 0000 0100';
const extremes = '0CE1 0CE9 0107 020C 00E4 00F1 0101 0202';
/** The same after 75 s without data. */
const stale = '004C 0210 FF83 005A 0B00 0062 004B 00EB 0238 01C0 0000 0000 0000 0000 0001 0100';

export interface Battery extends Slave {
  mood: () => 'answer' | 'silent' | ExceptionCode;
  bits?: Bits;
  readHeader?: 'bytes8' | 'bytes16' | 'words16';
  readonly image: Uint16Array;
  /** What masters wrote, in order, as `0x0180=7`. */
  readonly written: string[];
  goStale(): void;
}

const words = (hex: string) => hex.split(' ').map((word) => Number.parseInt(word, 16));

export function genericBattery(): Battery {
  const image = new Uint16Array(END - FIRST);
  image.set(words(core));
  image.set(words(extremes), 0x10);
  const written: string[] = [];
  return {
    functions: new Set([3, 4, 6, 16, 17, 23, 43]),
    image,
    written,
    mood: () => 'answer',
    read: (_fc, address, quantity) =>
      address >= FIRST && address + quantity <= END
        ? image.slice(address - FIRST, address - FIRST + quantity)
        : undefined,
    write(address, values) {
      if (address < WRITABLE || address + values.length > END) return false;
      image.set(values, address - FIRST);
      values.forEach((value, i) => {
        written.push(`0x${(address + i).toString(16).padStart(4, '0')}=${value}`);
      });
      return true;
    },
    identity: {
      serverId: 'bmsgate',
      objects: new Map([
        [0, 'bmsgate'],
        [1, 'generic-modbus'],
        [2, '1.0'],
      ]),
    },
    goStale: () => image.set(words(stale)),
  };
}

/** The same battery with every function that the engine has: 2000 coils, of which each third is set, and as many discrete inputs. */
export function everyFunctionBattery(): Battery {
  const battery = genericBattery();
  const coils = Array.from({ length: 2000 }, (_, i) => i % 3 === 0);
  const inside = (at: number, count: number) => at + count <= coils.length;
  return {
    ...battery,
    functions: new Set([1, 2, 3, 4, 5, 6, 15, 16, 17, 22, 23, 43]),
    bits: {
      read: (_, at, count) => (inside(at, count) ? coils.slice(at, at + count) : undefined),
      write(at, values) {
        if (!inside(at, values.length)) return false;
        for (const [i, value] of values.entries()) coils[at + i] = value;
        battery.written.push(`coil ${at}=${values.map(Number).join('')}`);
        return true;
      },
    },
  };
}

/** Bytes written as in the reference. */
export function bytes(hex: string): Uint8Array {
  const read = fromHex(hex);
  if (!read) throw new Error(`not hex: ${hex}`);
  return read;
}

export const hex = (b: Uint8Array): string => toHex(b).toUpperCase();
