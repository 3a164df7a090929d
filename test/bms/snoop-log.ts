// A writer of snoop logs that shares nothing with the reader. The file: 8 bytes of name, version and datalink, then records of
// original length, included length, flags, drops and time (RFC 1761 in its Bluetooth form, as BlueZ doc/btsnoop.rst has it).
// The packets: Core Specification, vol 4 part E (HCI), vol 3 part A (L2CAP) and part F (ATT).

/** An HCI packet as H4 carries it, its type in front: 1 command, 2 data, 4 event. */
export interface Logged {
  readonly received: boolean;
  readonly packet: readonly number[];
  /** How much of it the log keeps; all of it when left out. */
  readonly kept?: number;
  readonly drops?: number;
  readonly micros?: bigint;
}

const u16le = (n: number): number[] => [n & 0xff, n >> 8];
const u32be = (n: number): number[] => [n >>> 24, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff];
const u64be = (n: bigint): number[] => [...u32be(Number(n >> 32n)), ...u32be(Number(n & 0xffffffffn))];

/** Midnight of 1 January 2000, counted from the year 0 as the format does. */
const YEAR_2000 = 0x00e03ab44a676000n;
const STEP_MICROS = 10_000n;

type Datalink = 1001 | 1002 | 2001;

const monitorOpcodes: { readonly [key: string]: number } = { '1': 2, '4': 3, '2': 4, '2r': 5 };

function flagsOf({ received, packet: [type = 0] }: Logged, datalink: Datalink): number {
  if (datalink === 2001) return monitorOpcodes[`${type}${type === 2 && received ? 'r' : ''}`] ?? 0;
  return (received ? 1 : 0) + (type === 2 ? 0 : 2);
}

function recordOf(logged: Logged, datalink: Datalink, i: number): number[] {
  const packet = datalink === 1002 ? logged.packet : logged.packet.slice(1);
  const kept = packet.slice(0, logged.kept ?? packet.length);
  return [
    ...u32be(packet.length),
    ...u32be(kept.length),
    ...u32be(flagsOf(logged, datalink)),
    ...u32be(logged.drops ?? 0),
    ...u64be(YEAR_2000 + (logged.micros ?? BigInt(i) * STEP_MICROS)),
    ...kept,
  ];
}

export const snoopLog = (log: readonly Logged[], datalink: Datalink = 1002, version = 1): Uint8Array =>
  Uint8Array.from([
    ...new TextEncoder().encode('btsnoop\0'),
    ...u32be(version),
    ...u32be(datalink),
    ...log.flatMap((logged, i) => recordOf(logged, datalink, i)),
  ]);

const received = (packet: readonly number[]): Logged => ({ received: true, packet });
const event = (code: number, parameters: readonly number[]): Logged =>
  received([4, code, parameters.length, ...parameters]);

const onWire = (address: string): number[] =>
  address
    .split(':')
    .map((pair) => Number.parseInt(pair, 16))
    .reverse();

/** LE Connection Complete (7.7.65.1): status, handle, role, address type and address of the peer, interval, latency, time-out, clock. */
export const connected = (handle: number, address: string): Logged =>
  event(0x3e, [0x01, 0, ...u16le(handle), 0, 0, ...onWire(address), ...u16le(24), 0, 0, ...u16le(400), 0]);

/** The enhanced one (7.7.65.10) has two more addresses between. */
export const connectedEnhanced = (handle: number, address: string): Logged =>
  event(0x3e, [
    0x0a,
    0,
    ...u16le(handle),
    0,
    0,
    ...onWire(address),
    ...Array(12).fill(0),
    ...u16le(24),
    0,
    0,
    ...u16le(400),
    0,
  ]);

/** Disconnection Complete (7.7.5): status, handle, reason. */
export const disconnected = (handle: number): Logged => event(0x05, [0, ...u16le(handle), 0x13]);

/** HCI_Reset (7.3.2): group 3, command 3, no parameters. */
export const reset: Logged = { received: false, packet: [1, 0x03, 0x0c, 0] };

/**
 * An ATT packet: L2CAP length and channel 4 in front (part A, 3.1), in HCI data packets of `size` bytes (part E, 5.4.2). A host
 * begins with boundary 00, a controller with 10, and both go on with 01.
 */
export function att(handle: number, isReceived: boolean, bytes: readonly number[], size = 251): Logged[] {
  const whole = [...u16le(bytes.length), ...u16le(4), ...bytes];
  const first = isReceived ? 0x2000 : 0x0000;
  return Array.from({ length: Math.ceil(whole.length / size) }, (_, i) => {
    const piece = whole.slice(i * size, (i + 1) * size);
    const head = [...u16le(handle | (i === 0 ? first : 0x1000)), ...u16le(piece.length)];
    return { received: isReceived, packet: [2, ...head, ...piece] };
  });
}

/** Value handles of the battery's characteristics. */
export const at = { notify: 0x000d, switch: 0x000e, write: 0x0010 } as const;

/** What a phone asks of services, characteristics and descriptors (part F, 3.4.3 and 3.4.4), and how a JBD module answers. */
export const discovery = (handle: number, size?: number): Logged[] =>
  (
    [
      [false, [0x02, ...u16le(517)]], // MTU, ours
      [true, [0x03, ...u16le(185)]], // and theirs
      [false, [0x10, 1, 0, 0xff, 0xff, ...u16le(0x2800)]], // Read By Group Type: primary services
      [true, [0x11, 6, ...u16le(0x0b), ...u16le(0x10), ...u16le(0xff00)]],
      [false, [0x08, 0x0b, 0, 0x10, 0, ...u16le(0x2803)]], // Read By Type: characteristics
      [
        true,
        [
          0x09,
          7,
          0x0c,
          0,
          0x12,
          ...u16le(at.notify),
          ...u16le(0xff01),
          0x0f,
          0,
          0x0c,
          ...u16le(at.write),
          ...u16le(0xff02),
        ],
      ],
      [false, [0x04, ...u16le(at.switch), ...u16le(at.switch)]], // Find Information: descriptors
      [true, [0x05, 1, ...u16le(at.switch), ...u16le(0x2902)]],
      [false, [0x12, ...u16le(at.switch), 1, 0]], // Write Request: notifications on
      [true, [0x13]],
    ] as const
  ).flatMap(([isReceived, bytes]) => att(handle, isReceived, bytes, size));

/** Write Command (3.4.5.3). */
export const asked = (handle: number, bytes: Uint8Array, size?: number): Logged[] =>
  att(handle, false, [0x52, ...u16le(at.write), ...bytes], size);

/** Handle Value Notification (3.4.7.1), each with up to 20 bytes. */
export const told = (handle: number, bytes: Uint8Array, size?: number): Logged[] =>
  Array.from({ length: Math.ceil(bytes.length / 20) }, (_, i) =>
    att(handle, true, [0x1b, ...u16le(at.notify), ...bytes.slice(i * 20, (i + 1) * 20)], size),
  ).flat();
