/** What an ANT unit answers, byte by byte after BLE reference 4, apart from the decoder's own tables. */

export interface AntPack {
  readonly cellsMV?: readonly number[];
  readonly celsius?: readonly number[];
  readonly mosfetC?: number;
  /** 1 idle, 2 charging, 3 discharging, 4 standby. */
  readonly state?: number;
  /** As the board counts, whatever its sign means. */
  readonly tenthsA?: number;
  readonly chargeMos?: number;
  readonly dischargeMos?: number;
  readonly soh?: number;
  readonly microAh?: number;
  readonly balancing?: number;
  /** Where a frame says other than it has. */
  readonly saysCells?: number;
  readonly saysSensors?: number;
}

const le16 = (n: number) => [n & 0xff, (n >> 8) & 0xff];
const le32 = (n: number) => [...le16(n % 0x10000), ...le16(Math.floor(n / 0x10000))];

/** CRC-16/Modbus, bit by bit. */
function crc(bytes: readonly number[]): number {
  let register = 0xffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = register % 2 ? (register >> 1) ^ 0xa001 : register >> 1;
  }
  return register;
}

export function antFrame(func: number, address: number, data: readonly number[]): Uint8Array {
  const covered = [0xa1, func, ...le16(address), data.length, ...data];
  return Uint8Array.of(0x7e, ...covered, ...le16(crc(covered)), 0xaa, 0x55);
}

export function statusFrame(pack: AntPack = {}): Uint8Array {
  const { cellsMV = Array.from({ length: 16 }, (_, i) => 3300 + i), celsius = [21, 22] } = pack;
  const sum = cellsMV.reduce((total, mV) => total + mV, 0);
  const zeros = (count: number) => new Array<number>(count).fill(0);
  return antFrame(0x11, 0, [
    5, // permission
    pack.state ?? 1,
    pack.saysSensors ?? celsius.length,
    pack.saysCells ?? cellsMV.length,
    ...zeros(24), // protection, warning, balancing words that the reference does not explain
    ...cellsMV.flatMap(le16),
    ...celsius.flatMap(le16),
    ...le16(pack.mosfetC ?? 30), // B
    ...le16(24), // balancer
    ...le16(Math.round(sum / 10)), // B + 4
    ...le16(pack.tenthsA ?? 0), // B + 6
    ...le16(80), // B + 8
    ...le16(pack.soh ?? 99), // B + 10
    pack.chargeMos ?? 1, // B + 12
    pack.dischargeMos ?? 1,
    0,
    0,
    ...le32(pack.microAh ?? 280_000_000), // B + 16
    ...le32(224_123_456), // B + 20
    ...le32(5_000_000), // throughput
    ...le32(0), // power
    ...le32(36_591_632), // run time
    ...le32(pack.balancing ?? 0), // B + 36
    ...zeros(38),
  ]);
}
