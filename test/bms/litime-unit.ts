/** A LiTime battery as it answers on the air; bytes are laid by hand, apart from the decoder's table. */
export interface LitimeBattery {
  readonly millivolts: number;
  readonly cells: readonly number[];
  /** mA, positive while charging. */
  readonly current: number;
  readonly sensors: readonly number[];
  /** Hundredths of an Ah: left, and when full. */
  readonly charge: readonly [left: number, full: number];
  readonly soc: number;
  readonly soh: number;
  readonly cycles: number;
  readonly switches: number;
  readonly protection: number;
  readonly failure: number;
  readonly balance: number;
  readonly state: number;
}

export const litimeBattery: LitimeBattery = {
  millivolts: 52_800,
  cells: Array.from({ length: 16 }, (_, i) => 3290 + i),
  current: 21_500,
  sensors: [24, 31, -5, 0, 12],
  charge: [65_500, 131_000],
  soc: 50,
  soh: 99,
  cycles: 300,
  switches: 0,
  protection: 0,
  failure: 0,
  balance: 0x8001,
  state: 1,
};

const little = (value: number, bytes: number): number[] =>
  Array.from(
    { length: bytes },
    (_, i) => Math.floor((value < 0 ? value + 256 ** bytes : value) / 256 ** i) % 256,
  );
const row = (values: readonly number[], slots: number): number[] =>
  Array.from({ length: slots }, (_, i) => little(values[i] ?? 0, 2)).flat();

export function litimeFrame(bytes: readonly number[]): Uint8Array {
  return Uint8Array.of(...bytes, bytes.reduce((sum, byte) => sum + byte, 0) % 256);
}

/** The status, 105 bytes. */
export const litimeStatus = (change: Partial<LitimeBattery> = {}): Uint8Array => {
  const b = { ...litimeBattery, ...change };
  return litimeFrame([
    ...[0x00, 0x00, 0x65, 0x01, 0x93, 0x55, 0xaa, 0x00],
    ...little(b.millivolts - 300, 4),
    ...little(b.millivolts, 4),
    ...row(b.cells, 16),
    ...little(b.current, 4),
    ...row(b.sensors, 5),
    ...little(b.charge[0], 2),
    ...little(b.charge[1], 4),
    ...little(b.switches, 4),
    ...little(0xabcdef, 4), // what the balancer remembers
    ...little(b.protection, 4),
    ...little(b.failure, 4),
    ...little(b.balance, 4),
    ...little(b.state, 2),
    ...little(b.soc, 2),
    ...little(b.soh, 4),
    ...little(b.cycles, 4),
    ...little(5000, 4),
  ]);
};

const asked = '0,0,4,1,19,85,170,23';

export const litimeUnit =
  (battery: Partial<LitimeBattery> = {}) =>
  (request: Uint8Array): Uint8Array | undefined =>
    request.join() === asked ? litimeStatus(battery) : undefined;
