// What stands behind a named codec: the battery as a master asks it, without envelope and checksum.
import type { Taken } from './underway.ts';

export interface CodecBattery {
  /** False: nothing is said to anybody, not even a refusal. */
  speaks(): boolean;
  /** Content of the answer; undefined for a question that it does not answer. `address` is the one it was asked as. */
  answer(ask: number, address: number): Uint8Array | undefined;
  /** Of the answer just made: what is called once the line took it. */
  taken?(): Taken | undefined;
  /** Questions about one battery, which name it; every other question concerns the whole bank. */
  readonly perBattery: ReadonlySet<number>;
  /** What a master tells; true when it is acknowledged. */
  accepts(code: number, content: Uint8Array): boolean;
}

/** What a person wants to know of a line. Checksum errors count whole frames of ours or of nobody. */
export interface CodecCounters {
  crcErrors: number;
  /** Bytes outside of any frame. */
  resyncBytes: number;
  /** Intact frames of others. */
  foreignFrames: number;
  /** Bytes of our own that the adapter gave back. */
  echoBytes: number;
  /** Questions to us, and those that were answered. */
  requests: number;
  answers: number;
}

export const newCodecCounters = (): CodecCounters => ({
  crcErrors: 0,
  resyncBytes: 0,
  foreignFrames: 0,
  echoBytes: 0,
  requests: 0,
  answers: 0,
});
