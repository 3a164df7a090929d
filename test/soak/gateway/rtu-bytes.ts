// Modbus RTU as a master writes it down: own checksum, own frames (Modbus over Serial Line V1.02).

/** Low byte first on the wire; bit by bit, as the standard's appendix says it. */
export function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

export function framed(...bytes: readonly number[]): Buffer {
  const crc = crcOf(Uint8Array.from(bytes));
  return Buffer.from([...bytes, crc & 0xff, crc >> 8]);
}

const word = (value: number): [number, number] => [(value >> 8) & 0xff, value & 0xff];

export const readRegisters = (unit: number, from: number, count: number): Buffer =>
  framed(unit, 3, ...word(from), ...word(count));
export const writeRegister = (unit: number, at: number, value: number): Buffer =>
  framed(unit, 6, ...word(at), ...word(value));
export const writeRegisters = (unit: number, at: number, values: readonly number[]): Buffer =>
  framed(unit, 16, ...word(at), ...word(values.length), 2 * values.length, ...values.flatMap(word));

/** The registers of an intact answer to a read; undefined when it is anything else. */
export function registersOf(answer: Buffer, unit: number, count: number): number[] | undefined {
  const body = answer.subarray(0, -2);
  const isIntact = answer.length === 5 + 2 * count && crcOf(body) === answer.readUInt16LE(answer.length - 2);
  if (!isIntact || answer[0] !== unit || answer[1] !== 3 || answer[2] !== 2 * count) return undefined;
  return Array.from({ length: count }, (_, i) => answer.readUInt16BE(3 + 2 * i));
}
