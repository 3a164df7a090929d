// A JBD battery's radio module on one HCI controller: advertises ff00, takes one central, passes its unit's bytes.
// HCI packets as in the Bluetooth Core Specification, vol 4 part E (7.7 events, 7.8 LE commands), framed as H4.
import { attServer, type GattTable, valuesOf } from './att-server.mts';

/** What the radio module bridges: the bytes of a request in, the bytes of the whole answer out (none: silence). */
export type Unit = (request: Uint8Array) => Uint8Array | undefined;

/** One HCI controller seen from its host, e.g. `air.attach(n, …)` or a raw kernel socket. */
export type AttachHci = (heard: (packet: Buffer) => void) => { write(packet: Buffer): void };

export interface PeripheralOptions {
  readonly name: string;
  readonly unit: Unit;
  readonly gatt?: GattTable;
  /** What becomes of one notification on its way: itself, other bytes, or nothing. */
  readonly bend?: (notification: Uint8Array) => Uint8Array | undefined;
  readonly pieceBytes?: number;
}

export interface Peripheral {
  /** Notifies without having been asked. */
  readonly say: (bytes: Uint8Array) => void;
  readonly isSubscribed: () => boolean;
  /** The longest packet that was agreed on for this link; 23 until then. */
  readonly mtu: () => number;
}

const JBD_GATT: GattTable = { service: 0xff00, notify: 0xff01, write: 0xff02 };
const ATT_CHANNEL = 4;
const ADVERTISE_EVERY = 48; // 30 ms, in steps of 0.625 ms

const u16 = (n: number): number[] => [n & 0xff, n >> 8];
const command = (opcode: number, bytes: readonly number[]) =>
  Buffer.from([0x01, ...u16(opcode), bytes.length, ...bytes]);
const padded = (bytes: readonly number[]) => [bytes.length, ...bytes, ...Array(31 - bytes.length).fill(0)];

export function jbdPeripheral(attach: AttachHci, options: PeripheralOptions): Peripheral {
  const gatt = options.gatt ?? JBD_GATT;
  let link: { handle: number; answer: (request: Uint8Array) => number[] | undefined } | undefined;
  let isOn = false;
  let mtu = 23;

  const controller = attach((packet) => {
    if (packet[0] === 0x04) onEvent(packet);
    if (packet[0] === 0x02) onData(packet);
  });

  const advertise = () => controller.write(command(0x200a, [1]));
  const send = (att: readonly number[]) => {
    if (!link) return;
    const body = [...u16(att.length), ...u16(ATT_CHANNEL), ...att];
    controller.write(Buffer.from([0x02, ...u16(link.handle), ...u16(body.length), ...body]));
  };

  const say = (bytes: Uint8Array) => {
    const step = Math.min(options.pieceBytes ?? 20, mtu - 3);
    for (let at = 0; at < bytes.length; at += step) {
      const piece = bytes.subarray(at, at + step);
      const bent = options.bend ? options.bend(piece) : piece;
      if (bent && isOn) send([0x1b, ...u16(valuesOf(gatt).notify), ...bent]);
    }
  };

  const linked = (handle: number) => {
    isOn = false;
    mtu = 23;
    const answer = attServer(gatt, {
      agreed: (longest) => {
        mtu = longest;
      },
      subscribed: (on) => {
        isOn = on;
      },
      written: (request) => setImmediate(() => say(options.unit(request) ?? new Uint8Array())),
    });
    link = { handle, answer };
  };

  const onEvent = (p: Buffer) => {
    const isLinked = p[1] === 0x3e && p[3] === 0x01 && p[4] === 0 && p[7] === 1;
    if (isLinked) linked(p.readUInt16LE(5));
    if (p[1] === 0x05 && link && p.readUInt16LE(4) === link.handle) {
      link = undefined;
      isOn = false;
      advertise();
    }
  };

  const onData = (p: Buffer) => {
    if (!link || p.readUInt16LE(7) !== ATT_CHANNEL) return;
    const answer = link.answer(p.subarray(9));
    if (answer) send(answer);
  };

  const flags = [2, 0x01, 0x06];
  const name = Buffer.from(options.name.slice(0, 29));
  controller.write(
    command(0x2006, [...u16(ADVERTISE_EVERY), ...u16(ADVERTISE_EVERY), 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0]),
  );
  controller.write(command(0x2008, padded([...flags, 3, 0x03, ...u16(gatt.service)])));
  controller.write(command(0x2009, padded([name.length + 1, 0x09, ...name])));
  advertise();
  return { say, isSubscribed: () => isOn, mtu: () => mtu };
}
