/** Units of Daly as they answer on the air. Bytes are laid by hand here, apart from the decoder's tables, so that a slip in one shows in the other. */

/** What a unit says to a request; nothing is silence. */
export type Unit = (request: Uint8Array) => Uint8Array | undefined;

function crcOf(bytes: readonly number[]): number[] {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc % 2 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return [crc & 0xff, crc >>> 8];
}

const high = (word: number) => (word >> 8) & 0xff;
const low = (word: number) => word & 0xff;

/** Data words as a Modbus answer from this address. */
export function modbusAnswer(address: number, words: readonly number[]): Uint8Array {
  const bytes = [address, 3, 2 * words.length, ...words.flatMap((word) => [high(word), low(word)])];
  return Uint8Array.of(...bytes, ...crcOf(bytes));
}

export function modbusRefusal(address: number, code: number): Uint8Array {
  const bytes = [address, 0x83, code];
  return Uint8Array.of(...bytes, ...crcOf(bytes));
}

/** Registers by address; one that nobody set holds 0. */
export type Registers = { readonly [register: number]: number };

/** Answers reads below `end`; is silent to a wrong address, function or CRC and to registers that it does not have. */
export function modbusUnit(ask: number, answer: number, registers: Registers, end = 0x200): Unit {
  return (request) => {
    const [address, code, r1 = 0, r0 = 0, n1 = 0, n0 = 0, ...crc] = request;
    if (request.length !== 8 || address !== ask || code !== 3) return undefined;
    if (crcOf([...request.slice(0, 6)]).join() !== crc.join()) return undefined;
    const [register, count] = [256 * r1 + r0, 256 * n1 + n0];
    if (register + count > end) return undefined;
    return modbusAnswer(
      answer,
      Array.from({ length: count }, (_, i) => registers[register + i] ?? 0),
    );
  };
}

/** Words from a register on. */
export const inRow = (first: number, words: readonly number[]): Registers =>
  Object.fromEntries(words.map((word, i) => [first + i, word]));

/** A D2 board: 16 cells, 20 °C and 24 °C, a third sensor not fitted, 52.8 V, −12.5 A, 66.6 %. */
export const d2Registers: Registers = {
  ...inRow(
    0x00,
    [3300, 3301, 3302, 3303, 3304, 3305, 3306, 3307, 3308, 3309, 3310, 3311, 3312, 3313, 3314, 0],
  ),
  ...inRow(0x20, [60, 64, 0]),
  ...inRow(0x28, [528, 29875, 666]),
  ...inRow(0x2f, [2, 1532, 16, 3, 77, 1, 1, 1]),
  ...inRow(0x3e, [0x8001, 0]),
  66: 71,
  128: 2300,
  148: 31500,
  150: 27900,
};

/** A P81 board: 48 cells, 8 sensors. */
export const p81Registers: Registers = {
  ...inRow(
    0x00,
    Array.from({ length: 48 }, (_, i) => 3200 + i),
  ),
  ...inRow(0x30, [55, 56, 57, 58, 59, 60, 61, 62]),
  ...inRow(0x38, [1541, 30250, 500, 7, 48, 8]),
  72: 1,
  ...inRow(0x4b, [1000, 12, 1, 0, 0x0001, 0x8000, 0x8000, 0, 1]),
  90: 75,
  ...inRow(0x100, [2000]),
};

/** Such a unit whose registers A5 and A6 switch its FETs, which it shows in 35 and 36; it echoes what it is told. */
export function d2Switchable(more: Registers = {}, obeys = true) {
  const fets: Record<number, number> = { 53: 1, 54: 1 };
  const unit: Unit = (request) => {
    const [address, code, r1, r0, , value = 0] = request;
    if (address !== 0xd2 || code !== 6)
      return modbusUnit(0xd2, 0xd2, { ...d2Registers, ...more, ...fets })(request);
    if (r1 !== 0 || (r0 !== 0xa5 && r0 !== 0xa6)) return undefined;
    if (obeys) fets[r0 === 0xa5 ? 53 : 54] = value;
    return request;
  };
  return { unit, fets };
}

/** One frame of the A5 dialect from the battery. */
export function a5Frame(command: number, data: readonly number[], sender = 1): Uint8Array {
  const bytes = [0xa5, sender, command, 8, ...data, ...Array(8 - data.length).fill(0)];
  return Uint8Array.of(...bytes, bytes.reduce((sum, byte) => sum + byte, 0) % 256);
}

export const a5Request = (command: number, host = 0x80): Uint8Array => a5Frame(command, [], host);

const glued = (frames: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(frames.flatMap((frame) => [...frame]));

/** All frames of the cells, three in each, from frame 1. */
export const a5Cells = (mv: readonly number[]): Uint8Array[] =>
  Array.from({ length: Math.ceil(mv.length / 3) }, (_, i) =>
    a5Frame(0x95, [i + 1, ...mv.slice(3 * i, 3 * i + 3).flatMap((cell) => [high(cell), low(cell)])]),
  );

/** All frames of the temperatures, seven in each. */
export const a5Sensors = (counts: readonly number[]): Uint8Array[] =>
  Array.from({ length: Math.max(1, Math.ceil(counts.length / 7)) }, (_, i) =>
    a5Frame(0x96, [i + 1, ...counts.slice(7 * i, 7 * i + 7)]),
  );

export interface A5Battery {
  readonly state: number;
  /** Counts of tenths of an ampere, 30000 is none. */
  readonly current: number;
  readonly cells: readonly number[];
  readonly sensors: readonly number[];
  readonly tenthsV?: number;
  readonly chargeFet?: boolean;
  readonly dischargeFet?: boolean;
}

export const a5Battery: A5Battery = {
  state: 2,
  current: 30125,
  cells: [3300, 3310, 3320, 3330],
  sensors: [60],
};

export function a5Unit({ state, current, cells, sensors, ...fets }: A5Battery, host = 0x80): Unit {
  const { chargeFet = true, dischargeFet = true, tenthsV = 132 } = fets;
  const answers: { readonly [command: number]: readonly Uint8Array[] } = {
    144: [a5Frame(0x90, [high(tenthsV), low(tenthsV), 0, 0, high(current), low(current), 2, 238])],
    147: [a5Frame(0x93, [state, Number(chargeFet), Number(dischargeFet), 9, 0, 1, 0x86, 0xa0])],
    148: [a5Frame(0x94, [cells.length, sensors.length, 0, 1, 0, 1, 2])],
    149: a5Cells(cells),
    150: a5Sensors(sensors),
    151: [a5Frame(0x97, [0x05])],
    152: [a5Frame(0x98, [])],
  };
  return (request) => {
    const [start, sender, command = 0] = request;
    const frames = start === 0xa5 && sender === host ? answers[command] : undefined;
    return frames && glued(frames);
  };
}

/** Such a unit whose commands DA and D9 switch its FETs; it answers each with a frame of the same command. */
export function a5Switchable(battery: A5Battery, host = 0x80, obeys = true) {
  const fets = { chargeFet: true, dischargeFet: true };
  const unit: Unit = (request) => {
    const [start, sender, command = 0, , first = 0] = request;
    if (start !== 0xa5 || sender !== host || (command !== 0xda && command !== 0xd9))
      return a5Unit({ ...battery, ...fets }, host)(request);
    if (obeys) Object.assign(fets, { [command === 0xda ? 'chargeFet' : 'dischargeFet']: first === 1 });
    return a5Frame(command, [first]);
  };
  return { unit, fets };
}
