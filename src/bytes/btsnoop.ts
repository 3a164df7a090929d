/**
 * Snoop logs of a Bluetooth host, as Android and `btmon` write them: a head of 16 bytes, then records of 24 bytes and a packet,
 * all numbers big-endian (RFC 1761 as Symbian changed it; Android's system/bt gd/hal/snoop_logger.cc; BlueZ doc/btsnoop.rst).
 */
export interface HciPacket {
  /** Since the first record; never runs backwards, whatever the clock of the phone did. */
  readonly seconds: number;
  readonly sentBy: 'host' | 'controller';
  readonly kind: 'command' | 'event' | 'data';
  /** Which controller; logs of one name none. */
  readonly adapter: number;
  /** Without the packet type in front. */
  readonly bytes: Uint8Array;
  /** The log kept only its beginning. */
  readonly isCut: boolean;
  /** The log says that packets before this one are missing. */
  readonly isAfterLoss: boolean;
}

export interface Snoop {
  readonly packets: readonly HciPacket[];
  /** Numbers, from 1, of the records whose packet is not whole. */
  readonly cutRecords: readonly number[];
  /** Packets that the writer itself could not keep. */
  readonly lostPackets: number;
  /** Why reading ended before the file did. */
  readonly problem?: string;
}

/** What is wrong with a file of which nothing can be used; what to do. */
export interface NoSnoop {
  readonly message: string;
}

const MAGIC = 'btsnoop\0';
const HEAD_BYTES = 16;
const RECORD_BYTES = 24;
/** A data packet has two bytes of length and five before it; more is a damaged record. */
const MAX_PACKET_BYTES = 0x10000 + 5;

type Sorted = Pick<HciPacket, 'sentBy' | 'kind' | 'adapter' | 'bytes'>;

const RECEIVED = 1;
const COMMAND_OR_EVENT = 2;
const sender = (flags: number) => (flags & RECEIVED ? 'controller' : 'host');

/** HCI UART: the first byte is the kind (Core Specification, vol 4 part A, section 2). */
function h4({ flags, data }: SnoopRecord): Sorted | undefined {
  const kind = ({ 1: 'command', 2: 'data', 4: 'event' } as const)[data[0] ?? 0];
  return kind && { sentBy: sender(flags), kind, adapter: 0, bytes: data.subarray(1) };
}

/** Without encapsulation the flags alone tell the kind. */
function bare({ flags, data }: SnoopRecord): Sorted {
  const sentBy = sender(flags);
  const control = sentBy === 'host' ? 'command' : 'event';
  return { sentBy, kind: flags & COMMAND_OR_EVENT ? control : 'data', adapter: 0, bytes: data };
}

/** The Linux monitor: flags are the number of the controller and an opcode; other opcodes carry no packet. */
function monitor({ flags, data }: SnoopRecord): Sorted | undefined {
  const [kind, sentBy] =
    (
      {
        2: ['command', 'host'],
        3: ['event', 'controller'],
        4: ['data', 'host'],
        5: ['data', 'controller'],
      } as const
    )[flags & 0xffff] ?? [];
  return kind && sentBy && { sentBy, kind, adapter: flags >>> 16, bytes: data };
}

const datalinks: { readonly [id: number]: (record: SnoopRecord) => Sorted | undefined } = {
  1001: bare,
  1002: h4,
  2001: monitor,
};

interface SnoopRecord {
  readonly flags: number;
  readonly drops: number;
  readonly micros: bigint;
  readonly isCut: boolean;
  readonly data: Uint8Array;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The record at `at`; a text says why there is none. */
function recordAt(bytes: Uint8Array, at: number): SnoopRecord | string {
  if (bytes.length - at < RECORD_BYTES) return 'the file ends in the head of a record';
  const head = view(bytes.subarray(at, at + RECORD_BYTES));
  const [original, included] = [head.getUint32(0), head.getUint32(4)];
  if (included > MAX_PACKET_BYTES || included > original) return 'the length of a record is damaged';
  const data = bytes.subarray(at + RECORD_BYTES, at + RECORD_BYTES + included);
  if (data.length < included) return 'the file ends in the middle of a record';
  return {
    flags: head.getUint32(8),
    drops: head.getUint32(12),
    micros: head.getBigInt64(16),
    isCut: included < original,
    data,
  };
}

function notReadable(bytes: Uint8Array): string | undefined {
  if (!MAGIC.startsWith(String.fromCharCode(...bytes.subarray(0, MAGIC.length))) || bytes.length === 0)
    return 'is no btsnoop file; an Android phone writes one as btsnoop_hci.log, in the zip of a bug report';
  if (bytes.length < HEAD_BYTES) return 'ends within its first 16 bytes; copy it from the phone again';
  const version = view(bytes).getUint32(8);
  if (version !== 1) return `is btsnoop of version ${version}; this program reads version 1`;
  const datalink = view(bytes).getUint32(12);
  if (datalinks[datalink]) return undefined;
  return `holds packets of type ${datalink}; this program reads 1001 and 1002 (HCI) and 2001 (Linux monitor)`;
}

/** Reads a log as far as it can be read, or tells why it is none. */
export function readBtsnoop(bytes: Uint8Array): Snoop | NoSnoop {
  const message = notReadable(bytes);
  if (message) return { message };
  const sort = datalinks[view(bytes).getUint32(12)];
  const packets: HciPacket[] = [];
  const cutRecords: number[] = [];
  let [number, seconds, lostPackets] = [0, 0, 0];
  let before: SnoopRecord | undefined;
  for (let at = HEAD_BYTES; at < bytes.length; ) {
    const record = recordAt(bytes, at);
    number++;
    if (typeof record === 'string')
      return { packets, cutRecords, lostPackets, problem: `${record} (record ${number}, byte ${at})` };
    at += RECORD_BYTES + record.data.length;
    const stepMicros = before ? record.micros - before.micros : 0n;
    if (stepMicros > 0n) seconds += Number(stepMicros) / 1e6;
    const lost = Math.max(0, record.drops - (before?.drops ?? record.drops));
    lostPackets += lost;
    before = record;
    if (record.isCut) cutRecords.push(number);
    const sorted = sort?.(record);
    if (sorted) packets.push({ ...sorted, seconds, isCut: record.isCut, isAfterLoss: lost > 0 });
  }
  return { packets, cutRecords, lostPackets };
}
