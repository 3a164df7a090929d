import { joined } from '../../bytes/joined.ts';

/** The channel of the attribute protocol (Core Specification, vol 3 part A, 2.1). */
const ATT_CHANNEL = 4;
/** Length and channel, two bytes each, low byte first (vol 3 part A, 3.1). */
const HEAD_BYTES = 4;

/** One direction of one link: the packet that waits for its end. */
export interface Assembly {
  /** Undefined: nothing waits, and a piece that goes on belongs to nothing. */
  readonly held: Uint8Array | undefined;
}

export interface Assembled {
  readonly assembly: Assembly;
  /** A whole attribute protocol packet. */
  readonly att?: Uint8Array;
  /** Something was lost that may have been one. */
  readonly isLoss: boolean;
}

export const nothingHeld: Assembly = { held: undefined };

/** Takes one piece of a packet, of any size. A packet is used whole or not at all. */
export function assemble({ held }: Assembly, isStart: boolean, piece: Uint8Array | undefined): Assembled {
  if (!piece || (!isStart && !held)) return { assembly: nothingHeld, isLoss: true };
  const isLoss = isStart && held !== undefined;
  const bytes = joined(isStart ? new Uint8Array() : (held ?? new Uint8Array()), piece);
  if (bytes.length < HEAD_BYTES) return { assembly: { held: bytes }, isLoss };
  const [low = 0, high = 0, channel, channelHigh] = bytes;
  const length = HEAD_BYTES + low + 256 * high;
  if (bytes.length < length) return { assembly: { held: bytes }, isLoss };
  if (bytes.length > length) return { assembly: nothingHeld, isLoss: true };
  const isAtt = channel === ATT_CHANNEL && channelHigh === 0;
  return { assembly: nothingHeld, isLoss, ...(isAtt && { att: bytes.subarray(HEAD_BYTES) }) };
}
