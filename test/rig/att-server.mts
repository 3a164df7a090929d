// A GATT server as small as a battery's radio module: one service, a notify and a write characteristic, MTU 23 where nothing else is said.
// Bytes as in the Bluetooth Core Specification, vol 3 part F (ATT) and part G (GATT). Pure: a request in, an answer out.

/** Properties of a characteristic (part G, 3.3.1.1). */
export const PROPERTY = { read: 0x02, writeWithoutResponse: 0x04, write: 0x08, notify: 0x10 } as const;

export interface GattTable {
  readonly service: number;
  readonly notify: number;
  readonly write: number;
  readonly notifyProperties?: number;
  readonly writeProperties?: number;
  /** The longest packet that the module takes. */
  readonly mtu?: number;
  /** As in newer JK modules: the value that is written to at handle 3, the one that notifies at 5. */
  readonly isWriteFirst?: boolean;
}

export interface AttHands {
  readonly written: (bytes: Uint8Array) => void;
  readonly subscribed: (on: boolean) => void;
  /** The exchange is done: the longest packet that both sides take. */
  readonly agreed?: (mtu: number) => void;
}

const LEAST_MTU = 23;
const SERVICE_AT = 1;
const LAST = 6;

/** The handles of the values; each declaration is one before, the switch of the notifications one after. */
export const valuesOf = ({ isWriteFirst }: GattTable): { readonly notify: number; readonly write: number } =>
  isWriteFirst ? { notify: 5, write: 3 } : { notify: 3, write: 6 };

const NOT_FOUND = 0x0a;
const NOT_SUPPORTED = 0x06;
const WRITE_NOT_PERMITTED = 0x03;

const u16 = (n: number): number[] => [n & 0xff, n >> 8];
const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

interface Attribute {
  readonly handle: number;
  readonly type: number;
  readonly value: readonly number[];
}

function attributes(t: GattTable, isOn: boolean): readonly Attribute[] {
  const notifyIs = t.notifyProperties ?? PROPERTY.read | PROPERTY.notify;
  const writeIs = t.writeProperties ?? PROPERTY.write | PROPERTY.writeWithoutResponse;
  const at = valuesOf(t);
  const all = [
    { handle: SERVICE_AT, type: 0x2800, value: u16(t.service) },
    { handle: at.notify - 1, type: 0x2803, value: [notifyIs, ...u16(at.notify), ...u16(t.notify)] },
    { handle: at.notify, type: t.notify, value: [0] },
    { handle: at.notify + 1, type: 0x2902, value: u16(isOn ? 1 : 0) },
    { handle: at.write - 1, type: 0x2803, value: [writeIs, ...u16(at.write), ...u16(t.write)] },
    { handle: at.write, type: t.write, value: [0] },
  ];
  return all.sort((a, b) => a.handle - b.handle);
}

/** One connection's server: gives the answer to an ATT request, nothing for commands. */
export function attServer(table: GattTable, hands: AttHands): (request: Uint8Array) => number[] | undefined {
  const writeIs = table.writeProperties ?? PROPERTY.write | PROPERTY.writeWithoutResponse;
  const at = valuesOf(table);
  let isOn = false;
  const refuse = (op: number, handle: number, why: number) => [0x01, op, ...u16(handle), why];

  const within = (request: Uint8Array, type?: number) =>
    attributes(table, isOn).filter(
      (a) =>
        a.handle >= word(request, 1) &&
        a.handle <= word(request, 3) &&
        (type === undefined || a.type === type),
    );

  /** Entries of one answer have one length; the rest is asked for again. */
  const list = (op: number, request: Uint8Array, entries: readonly number[][], head: readonly number[]) => {
    const [first] = entries;
    if (!first) return refuse(request[0] ?? 0, word(request, 1), NOT_FOUND);
    const room = Math.floor((23 - 1 - head.length) / first.length);
    return [
      op,
      ...head,
      ...entries
        .filter((e) => e.length === first.length)
        .slice(0, room)
        .flat(),
    ];
  };

  const writes = (handle: number, bytes: Uint8Array, needs: number): boolean => {
    if (handle === at.notify + 1) {
      isOn = ((bytes[0] ?? 0) & 1) === 1;
      hands.subscribed(isOn);
      return true;
    }
    if (handle !== at.write || !(writeIs & needs)) return false;
    hands.written(bytes);
    return true;
  };

  return (request) => {
    const op = request[0] ?? 0;
    const handle = word(request, 1);
    if (op === 0x02) {
      const own = table.mtu ?? LEAST_MTU;
      hands.agreed?.(Math.max(LEAST_MTU, Math.min(own, handle)));
      return [0x03, ...u16(own)];
    }
    if (op === 0x10) {
      const found = within(request, word(request, 5)).map((a) => [
        ...u16(a.handle),
        ...u16(LAST),
        ...a.value,
      ]);
      return list(0x11, request, found, [found[0]?.length ?? 0]);
    }
    if (op === 0x08) {
      const found = within(request, word(request, 5)).map((a) => [...u16(a.handle), ...a.value]);
      return list(0x09, request, found, [found[0]?.length ?? 0]);
    }
    if (op === 0x04) {
      const found = within(request).map((a) => [...u16(a.handle), ...u16(a.type)]);
      return list(0x05, request, found, [1]);
    }
    if (op === 0x0a) {
      const found = attributes(table, isOn).find((a) => a.handle === handle);
      return found ? [0x0b, ...found.value] : refuse(op, handle, NOT_FOUND);
    }
    if (op === 0x12) {
      const isTaken = writes(handle, request.subarray(3), PROPERTY.write);
      return isTaken ? [0x13] : refuse(op, handle, WRITE_NOT_PERMITTED);
    }
    if (op === 0x52) {
      writes(handle, request.subarray(3), PROPERTY.writeWithoutResponse);
      return undefined;
    }
    return op & 0x40 || op === 0x1e ? undefined : refuse(op, handle, NOT_SUPPORTED);
  };
}
