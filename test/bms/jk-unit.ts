/** What a JK unit answers, byte by byte after BLE reference 2.2 to 2.5, apart from the decoder's own tables. */

export const sealed = (bytes: Uint8Array): Uint8Array => {
  bytes[bytes.length - 1] = bytes.subarray(0, -1).reduce((sum, byte) => sum + byte, 0) & 0xff;
  return bytes;
};

function frame(type: number, counter: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(300);
  bytes.set([0x55, 0xaa, 0xeb, 0x90, type, counter & 0xff]);
  return { bytes, view: new DataView(bytes.buffer) };
}

const ascii = (text: string) => new TextEncoder().encode(text);

export function infoFrame({ software = '14.20', name = 'garage', passCode = '' } = {}): Uint8Array {
  const { bytes } = frame(3, 1);
  bytes.set(ascii('JK_PB2A16S15P'), 6);
  bytes.set(ascii(software), 30);
  bytes.set(ascii(name), 46);
  bytes.set(ascii(passCode), 62);
  bytes.set(ascii(passCode), 97);
  return sealed(bytes);
}

export function settingsFrame({
  chargeMA = 50_000,
  dischargeMA = 100_000,
  capacityMAh = 280_000,
} = {}): Uint8Array {
  const { bytes, view } = frame(1, 1);
  view.setUint32(50, chargeMA, true);
  view.setUint32(62, dischargeMA, true);
  view.setUint32(130, capacityMAh, true);
  return sealed(bytes);
}

export interface JkPack {
  readonly counter?: number;
  readonly cellsMV?: readonly number[];
  /** Where it is not the first so many. */
  readonly mask?: number;
  readonly currentMA?: number;
  readonly errors?: number;
  readonly sensors?: number;
  readonly tenthsC?: readonly number[];
  readonly mosfetTenthsC?: number;
  readonly soc?: number;
  readonly soh?: number;
  readonly packMV?: number;
  readonly chargeFet?: boolean;
  readonly dischargeFet?: boolean;
}

interface Places {
  readonly mask: number;
  readonly mean: number;
  readonly pack: number;
  readonly current: number;
  readonly temperatures: readonly number[];
  readonly mosfet: number;
  readonly errors: number;
  readonly soc: number;
  readonly remaining: number;
  readonly cycles: number;
  readonly soh: number;
  readonly fets: number;
  readonly sensors: number;
}

const of24: Places = {
  mask: 54,
  mean: 58,
  pack: 118,
  current: 126,
  temperatures: [130, 132],
  mosfet: 134,
  errors: 136,
  soc: 141,
  remaining: 142,
  cycles: 150,
  soh: 158,
  fets: 166,
  sensors: 182,
};

const of32: Places = {
  mask: 70,
  mean: 74,
  pack: 150,
  current: 158,
  temperatures: [162, 164, 258, 256],
  mosfet: 144,
  errors: 166,
  soc: 173,
  remaining: 174,
  cycles: 182,
  soh: 190,
  fets: 198,
  sensors: 214,
};

export function cellsFrame(room: 24 | 32, pack: JkPack = {}): Uint8Array {
  const { cellsMV = Array.from({ length: 16 }, (_, i) => 3300 + i), counter = 1, currentMA = -5000 } = pack;
  const { mask = 2 ** cellsMV.length - 1, sensors = 0xff, tenthsC = [201, 202, 203, 204] } = pack;
  const at = room === 24 ? of24 : of32;
  const { bytes, view } = frame(2, counter);
  const isOn = (i: number) => Math.floor(mask / 2 ** i) % 2 === 1;
  const on = cellsMV.filter((_, i) => isOn(i));
  const sum = on.reduce((total, mV) => total + mV, 0);
  cellsMV.forEach((mV, i) => {
    view.setUint16(6 + 2 * i, mV, true);
  });
  view.setUint32(at.mask, mask, true);
  view.setUint16(at.mean, Math.round(sum / on.length), true);
  view.setUint32(at.pack, pack.packMV ?? sum, true);
  view.setInt32(at.current, currentMA, true);
  at.temperatures.forEach((place, i) => {
    view.setInt16(place, tenthsC[i] ?? 0, true);
  });
  view.setInt16(at.mosfet, pack.mosfetTenthsC ?? 250, true);
  if (room === 24) view.setUint16(at.errors, pack.errors ?? 0, true);
  else view.setUint32(at.errors, pack.errors ?? 0, true);
  view.setUint8(at.soc, pack.soc ?? 80);
  view.setUint32(at.remaining, 224_000, true);
  view.setUint32(at.cycles, 42, true);
  view.setUint8(at.soh, pack.soh ?? 99);
  const { chargeFet = true, dischargeFet = true } = pack;
  bytes.set([Number(chargeFet), Number(dischargeFet)], at.fets);
  view.setUint8(at.sensors, sensors);
  return sealed(bytes);
}

export interface Jk04Pack {
  readonly counter?: number;
  readonly cellsV?: readonly number[];
  readonly mask?: number;
  readonly meanV?: number;
  readonly balancer?: number;
  readonly balanceA?: number;
}

/** A cell frame of an active balancer: cells as floats from byte 6 on, their mean, their mask, the balancer. */
export function floatsFrame(pack: Jk04Pack = {}): Uint8Array {
  const { cellsV = Array.from({ length: 16 }, (_, i) => 3.3 + i / 1000), counter = 1 } = pack;
  const { bytes, view } = frame(2, counter);
  cellsV.forEach((volts, i) => {
    view.setFloat32(6 + 4 * i, volts, true);
    view.setFloat32(102 + 4 * i, 0.1, true);
  });
  view.setFloat32(202, pack.meanV ?? cellsV.reduce((sum, v) => sum + v, 0) / cellsV.length, true);
  view.setUint32(214, pack.mask ?? 2 ** cellsV.length - 1, true);
  view.setUint8(220, pack.balancer ?? 0);
  view.setFloat32(222, pack.balanceA ?? 0, true);
  return sealed(bytes);
}

function crcOf(bytes: readonly number[]): number[] {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc % 2 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return [crc & 0xff, crc >>> 8];
}

/** The question for one of the frames of a PB board on its line. */
export function pbRequest(unit: number, register: number): Uint8Array {
  const bytes = [unit, 0x10, 0x16, register, 0, 1, 2, 0, 0];
  return Uint8Array.of(...bytes, ...crcOf(bytes));
}

/** A frame with the Modbus answer behind it. */
export function pbAnswer(unit: number, register: number, frame: Uint8Array): Uint8Array {
  const bytes = [unit, 0x10, 0x16, register, 0, 1];
  return Uint8Array.of(...frame, ...bytes, ...crcOf(bytes));
}

/** A PB board as this unit: silent to the questions for others. */
export function pbUnit(unit: number, pack: () => JkPack) {
  const frames: { readonly [register: number]: () => Uint8Array } = {
    28: () => infoFrame({ software: '15.24' }),
    30: () => settingsFrame(),
    32: () => cellsFrame(32, { counter: 5, ...pack() }),
  };
  return (request: Uint8Array): Uint8Array | undefined => {
    const register = request[3] ?? 0;
    const isAsked = pbRequest(unit, register).every((byte, i) => byte === request[i]);
    const frame = isAsked ? frames[register]?.() : undefined;
    return frame && pbAnswer(unit, register, frame);
  };
}

/** `AA 55 90 EB C8`: ready. */
export const ready = sealed(Uint8Array.of(0xaa, 0x55, 0x90, 0xeb, 0xc8, 1, 1, ...new Uint8Array(13)));
export const moduleText = ascii('AT\r\n');
