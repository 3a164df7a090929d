// What a Modbus slave answers to one request: the rules of the RS485 reference, sections 1.2 and 1.3, without any wire.
import { identify, reportServerId } from './identity.ts';
import type { ExceptionCode, Slave } from './slave.ts';

/** Reply PDU, or why there is none. */
type Outcome = Uint8Array | ExceptionCode;
type Handler = (slave: Slave, pdu: Uint8Array) => Outcome;

const FUNCTION = 1;
const ADDRESS = 2;
const VALUE = 3;
const FAILURE = 4;

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const within = (n: number, max: number): boolean => n >= 1 && n <= max;
const wraps = (address: number, quantity: number): boolean => address + quantity > 0x10000;

function wordsFrom(pdu: Uint8Array, at: number, quantity: number): Uint16Array {
  const words = new Uint16Array(quantity);
  for (let i = 0; i < quantity; i++) words[i] = word(pdu, at + 2 * i);
  return words;
}

const registers = (slave: Slave, fc: number, address: number, quantity: number): Uint16Array | undefined =>
  wraps(address, quantity) ? undefined : slave.read(fc, address, quantity);

/** Length field of an FC03 reply: standard Modbus has one byte, two of the Voltronic dialects have two (section 8). */
function head(slave: Slave, fc: number, quantity: number): readonly number[] {
  const dialect = fc === 3 ? slave.readHeader : undefined;
  const length = dialect === 'words16' ? quantity : 2 * quantity;
  return dialect === 'words16' || dialect === 'bytes16' ? [fc, length >> 8, length & 0xff] : [fc, length];
}

function registerReply(slave: Slave, fc: number, words: Uint16Array): Uint8Array {
  const start = head(slave, fc, words.length);
  const reply = new Uint8Array(start.length + 2 * words.length);
  reply.set(start);
  const view = new DataView(reply.buffer);
  for (let i = 0; i < words.length; i++) view.setUint16(start.length + 2 * i, words[i] ?? 0);
  return reply;
}

function readRegisters(slave: Slave, pdu: Uint8Array): Outcome {
  const [fc = 0] = pdu;
  const [address, quantity] = [word(pdu, 1), word(pdu, 3)];
  if (pdu.length !== 5 || !within(quantity, 125)) return VALUE;
  const words = registers(slave, fc, address, quantity);
  if (words) slave.told?.(fc, address, quantity);
  return words ? registerReply(slave, fc, words) : ADDRESS;
}

/** The registers that a request reads. */
export function readBy(pdu: Uint8Array): { fc: number; address: number; quantity: number } | undefined {
  const [fc] = pdu;
  if (fc !== 3 && fc !== 4 && fc !== 23) return undefined;
  return { fc: fc === 4 ? 4 : 3, address: word(pdu, 1), quantity: word(pdu, 3) };
}

/** The question was wrong; any other refusal is for what the slave lacks. */
export const isWrong = (reply: Uint8Array | undefined): boolean =>
  reply !== undefined && (reply[0] ?? 0) >= 0x80 && (reply[1] ?? 0) <= VALUE;

/** The reply once a write was tried. */
const after = (written: boolean | ExceptionCode, reply: Uint8Array): Outcome =>
  written === true ? reply : written === false ? ADDRESS : written;

function writeRegister(slave: Slave, pdu: Uint8Array): Outcome {
  if (pdu.length !== 5) return VALUE;
  return after(slave.write(word(pdu, 1), wordsFrom(pdu, 3, 1)), pdu);
}

function writeRegisters(slave: Slave, pdu: Uint8Array): Outcome {
  const [address, quantity] = [word(pdu, 1), word(pdu, 3)];
  if (!within(quantity, 123) || pdu[5] !== 2 * quantity || pdu.length !== 6 + 2 * quantity) return VALUE;
  if (wraps(address, quantity)) return ADDRESS;
  return after(slave.write(address, wordsFrom(pdu, 6, quantity)), pdu.subarray(0, 5));
}

/** FC22 changes the bits of one register: (current and mask) or (or-mask without mask). */
function maskWrite(slave: Slave, pdu: Uint8Array): Outcome {
  if (pdu.length !== 7) return VALUE;
  const [address, and, or] = [word(pdu, 1), word(pdu, 3), word(pdu, 5)];
  const [current] = slave.read(3, address, 1) ?? [];
  if (current === undefined) return ADDRESS;
  return after(slave.write(address, Uint16Array.of((current & and) | (or & ~and))), pdu);
}

/** FC23 writes first, then reads; nothing is written unless the read will succeed. */
function writeThenRead(slave: Slave, pdu: Uint8Array): Outcome {
  const [readAt, readCount, writeAt, writeCount] = [word(pdu, 1), word(pdu, 3), word(pdu, 5), word(pdu, 7)];
  if (!within(readCount, 125) || !within(writeCount, 121)) return VALUE;
  if (pdu[9] !== 2 * writeCount || pdu.length !== 10 + 2 * writeCount) return VALUE;
  if (wraps(writeAt, writeCount) || !registers(slave, 3, readAt, readCount)) return ADDRESS;
  const written = slave.write(writeAt, wordsFrom(pdu, 10, writeCount));
  const words = slave.read(3, readAt, readCount);
  if (words && written === true) slave.told?.(3, readAt, readCount);
  // What was written may leave the map without an image.
  return words ? after(written, registerReply(slave, 23, words)) : FAILURE;
}

const packed = (bits: number): number => Math.ceil(bits / 8);

function readBits(slave: Slave, pdu: Uint8Array): Outcome {
  const [fc = 0] = pdu;
  const [address, quantity] = [word(pdu, 1), word(pdu, 3)];
  if (pdu.length !== 5 || !within(quantity, 2000)) return VALUE;
  const bits = wraps(address, quantity) ? undefined : slave.bits?.read(fc, address, quantity);
  if (!bits) return ADDRESS;
  const reply = new Uint8Array(2 + packed(quantity));
  reply.set([fc, packed(quantity)]);
  for (let i = 0; i < quantity; i++)
    if (bits[i]) reply[2 + (i >> 3)] = (reply[2 + (i >> 3)] ?? 0) | (1 << (i & 7));
  return reply;
}

function writeBit(slave: Slave, pdu: Uint8Array): Outcome {
  const value = word(pdu, 3);
  if (pdu.length !== 5 || (value !== 0 && value !== 0xff00)) return VALUE;
  return after(slave.bits?.write(word(pdu, 1), [value !== 0]) ?? false, pdu);
}

function writeBits(slave: Slave, pdu: Uint8Array): Outcome {
  const [address, quantity] = [word(pdu, 1), word(pdu, 3)];
  const size = packed(quantity);
  if (!within(quantity, 1968) || pdu[5] !== size || pdu.length !== 6 + size) return VALUE;
  if (wraps(address, quantity)) return ADDRESS;
  const bits = Array.from({ length: quantity }, (_, i) => (((pdu[6 + (i >> 3)] ?? 0) >> (i & 7)) & 1) === 1);
  return after(slave.bits?.write(address, bits) ?? false, pdu.subarray(0, 5));
}

const handlers: ReadonlyMap<number, Handler> = new Map([
  [1, readBits],
  [2, readBits],
  [3, readRegisters],
  [4, readRegisters],
  [5, writeBit],
  [6, writeRegister],
  [15, writeBits],
  [16, writeRegisters],
  [17, reportServerId],
  [22, maskWrite],
  [23, writeThenRead],
  [43, identify],
]);

/** What a broadcast may do: write, and say nothing (section 1.1). */
const broadcasts: ReadonlySet<number> = new Set([5, 6, 15, 16]);

export const exceptionReply = (fc: number, code: ExceptionCode): Uint8Array => Uint8Array.of(fc | 0x80, code);

function execute(slave: Slave, fc: number, pdu: Uint8Array): Outcome {
  const handler = slave.functions.has(fc) ? handlers.get(fc) : undefined;
  return handler ? handler(slave, pdu) : FUNCTION;
}

/**
 * The reply PDU to a request PDU (function code first, no unit, no CRC). Undefined means say nothing: the slave is silent,
 * or it was a broadcast. Order of checks: mood, function, quantity and byte count, address, then the deed.
 */
export function answerPdu(slave: Slave, pdu: Uint8Array, broadcast: boolean): Uint8Array | undefined {
  const [fc] = pdu;
  const mood = slave.mood();
  if (fc === undefined || fc >= 0x80 || mood === 'silent') return undefined;
  if (broadcast && !broadcasts.has(fc)) return undefined;
  const outcome = mood === 'answer' ? execute(slave, fc, pdu) : mood;
  if (broadcast) return undefined;
  return typeof outcome === 'number' ? exceptionReply(fc, outcome) : outcome;
}
