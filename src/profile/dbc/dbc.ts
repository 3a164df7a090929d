/** Where a DBC counts a signal's bits from: Intel from its least bit, Motorola from its most; bit 8 is the least of byte 1. */
export type DbcOrder = 'little' | 'big';

/** One signal as a DBC describes it: physical = raw * factor + offset. */
export interface DbcSignal {
  readonly name: string;
  /** The multiplexer itself, or the multiplexer's value with which this signal is there. */
  readonly mux?: 'M' | number;
  readonly start: number;
  /** Bits. */
  readonly size: number;
  readonly order: DbcOrder;
  readonly signed: boolean;
  /** IEEE 754, of 32 bits. */
  readonly float?: true;
  readonly factor: number;
  readonly offset: number;
  /** Physical; both 0 where nothing is said. */
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly comment?: string;
  /** What a raw value is called. */
  readonly values?: readonly (readonly [raw: number, text: string])[];
}

export interface DbcMessage {
  readonly id: number;
  readonly extended: boolean;
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  readonly sender: string;
  readonly receivers: readonly string[];
  readonly comment?: string;
  /** Of a frame that comes by itself. */
  readonly cycleMs?: number;
  readonly signals: readonly DbcSignal[];
}

/** A CAN data base. */
export interface Dbc {
  readonly version: string;
  readonly nodes: readonly string[];
  readonly comment?: string;
  readonly bitrate?: number;
  readonly messages: readonly DbcMessage[];
}

/** What stands in the place of a sender or receiver that is not named. */
export const NOBODY = 'Vector__XXX';

/** A 29-bit id is told by this bit of the number in the file. */
export const EXTENDED = 0x80000000;

/** The bits that a signal fills, as the file counts them: Intel climbs from the least, Motorola goes from the most on into the next byte. */
export function bitsFilled({ start, size, order }: Pick<DbcSignal, 'start' | 'size' | 'order'>): number[] {
  if (order === 'little') return Array.from({ length: size }, (_, i) => start + i);
  const turned = (bit: number): number => bit - (bit % 8) + 7 - (bit % 8);
  return Array.from({ length: size }, (_, i) => turned(turned(start) + i));
}
