import type { HciPacket } from '../../bytes/btsnoop.ts';

/** What an HCI packet means for the links of a controller (Core Specification, vol 4 part E). */
export type HciFact =
  | { readonly is: 'linked'; readonly handle: number; readonly address: string }
  | { readonly is: 'unlinked'; readonly handle: number }
  /** The controller begins anew: it has no links. */
  | { readonly is: 'reset' }
  /** A piece of a link's data. Without `bytes` it is damaged, and whatever it belongs to is lost. */
  | {
      readonly is: 'piece';
      readonly handle: number;
      readonly isStart: boolean;
      readonly bytes?: Uint8Array;
    };

const RESET = 0x0c03;
const DISCONNECTION_COMPLETE = 0x05;
const LE_META = 0x3e;

/** Where the peer's address lies in each LE Connection Complete: plain, enhanced, and enhanced v2 (7.7.65.1, .10 and .41). */
const PEER_AT = 8;
const linkedSubevents: readonly (number | undefined)[] = [0x01, 0x0a, 0x29];

const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

/** Addresses go over the wire with their last byte first. */
const addressText = (bytes: Uint8Array): string =>
  Array.from(bytes, (b) => b.toString(16).padStart(2, '0'))
    .reverse()
    .join(':')
    .toUpperCase();

function eventFact(bytes: Uint8Array): HciFact | undefined {
  const [code, length, first, status] = bytes;
  if (length !== bytes.length - 2) return undefined;
  if (code === DISCONNECTION_COMPLETE && first === 0 && length >= 3)
    return { is: 'unlinked', handle: word(bytes, 3) };
  const isLinked = code === LE_META && linkedSubevents.includes(first) && status === 0;
  if (!isLinked || bytes.length < PEER_AT + 6) return undefined;
  return { is: 'linked', handle: word(bytes, 4), address: addressText(bytes.subarray(PEER_AT, PEER_AT + 6)) };
}

/** Data packets: 12 bits of handle, 2 of boundary (01 goes on, others begin), 2 of broadcast, 16 of length (5.4.2). */
function pieceFact(bytes: Uint8Array, isCut: boolean): HciFact | undefined {
  if (bytes.length < 2) return undefined;
  const [handle, isStart] = [word(bytes, 0) & 0x0fff, (word(bytes, 0) >> 12) % 4 !== 1];
  const isWhole = !isCut && bytes.length >= 4 && word(bytes, 2) === bytes.length - 4;
  return { is: 'piece', handle, isStart, ...(isWhole && { bytes: bytes.subarray(4) }) };
}

/** Undefined for what changes nothing here; of a cut packet only what its loss means is used. */
export function hciFact({ kind, bytes, isCut }: HciPacket): HciFact | undefined {
  if (kind === 'data') return pieceFact(bytes, isCut);
  if (isCut) return undefined;
  if (kind === 'event') return eventFact(bytes);
  return word(bytes, 0) === RESET && bytes.length === 3 ? { is: 'reset' } : undefined;
}
