// The frame of Modbus TCP: transaction id(2) protocol(2) = 0 length(2) unit(1) PDU(1..253), big-endian.
// Modbus Messaging on TCP/IP Implementation Guide V1.0b, section 3.1.3.

export interface MbapRequest {
  /** Given back with the answer. */
  readonly id: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
}

const HEAD = 6;
const SHORTEST = 2;
const LONGEST = 254;

export interface Cut {
  readonly requests: readonly MbapRequest[];
  /** What lies behind them: the beginning of the next frame, or those that are too many. */
  readonly rest: Uint8Array;
  /** What follows is not Modbus TCP; there is no way back into step. */
  readonly malformed: boolean;
}

/** The whole frames, in order, `most` of them. */
export function cutMbap(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): Cut {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const requests: MbapRequest[] = [];
  let at = 0;
  while (bytes.length - at >= HEAD && requests.length < most) {
    const length = view.getUint16(at + 4);
    const malformed = view.getUint16(at + 2) !== 0 || length < SHORTEST || length > LONGEST;
    if (malformed) return { requests, rest: bytes.subarray(at), malformed };
    const end = at + HEAD + length;
    if (end > bytes.length) break;
    requests.push({
      id: view.getUint16(at),
      unit: view.getUint8(at + HEAD),
      pdu: bytes.subarray(at + HEAD + 1, end),
    });
    at = end;
  }
  return { requests, rest: bytes.subarray(at), malformed: false };
}

export function mbapFrame(id: number, unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEAD + 1 + pdu.length);
  const view = new DataView(frame.buffer);
  view.setUint16(0, id);
  view.setUint16(4, 1 + pdu.length);
  view.setUint8(HEAD, unit);
  frame.set(pdu, HEAD + 1);
  return frame;
}
