// What an inverter reads, by hand from the two protocol references and not from the profiles' own layouts.
import type { Settings } from '../../src/profile/options.ts';

/** Told bytes by place: a frame's id (`351`), a register's number (`269`), the command of an answer (`63`). */
export type Told = (place: number) => Uint8Array | undefined;

/** Every place of one quantity; some maps say it more than once. */
export interface Read {
  readonly cclA?: readonly number[];
  readonly dclA?: readonly number[];
  /** Of a map that tells powers. */
  readonly cclW?: number;
  readonly dclW?: number;
  readonly cvlV: readonly number[];
  readonly dvlV: readonly number[];
  /** As told; in whole percents or hundredths. */
  readonly soc: readonly number[];
  readonly mayCharge?: boolean;
  readonly mayDischarge?: boolean;
  /** Force charge, full charge or balance asked for. */
  readonly asks: boolean;
  /** Each sign of old data of design section 8 that is up at once; a family without one has only its limits. */
  readonly old?: readonly boolean[];
  /** One more that is up when both limits have reached zero. */
  readonly off?: boolean;
  /** Nothing flows, of a family that must say so while its data is old. */
  readonly still?: boolean;
}

/** One count of limits (A), of CVL and of DVL (V). */
export interface Counts {
  readonly a: number;
  readonly v: number;
}

interface Reader {
  readonly counts: Counts;
  readonly read: (told: Told, settings: Settings) => Read;
}

const bytesAt = (told: Told, place: number): Uint8Array => {
  const bytes = told(place);
  if (!bytes) throw new Error(`nothing is told at 0x${place.toString(16)}`);
  return bytes;
};
const byte = (told: Told, place: number, at: number): number => bytesAt(told, place)[at] ?? Number.NaN;
const bit = (told: Told, place: number, at: number, n: number): boolean =>
  ((byte(told, place, at) >> n) & 1) === 1;
const le = (told: Told, place: number, at: number): number =>
  byte(told, place, at) + 256 * byte(told, place, at + 1);
const be = (told: Told, place: number, at: number): number =>
  256 * byte(told, place, at) + byte(told, place, at + 1);
const signed = (raw: number): number => (raw > 0x7fff ? raw - 0x10000 : raw);
const float = (told: Told, place: number, at: number): number =>
  new DataView(bytesAt(told, place).slice(at, at + 4).buffer).getFloat32(0, true);
const register = (told: Told, place: number): number => be(told, place, 0);
const flag = (told: Told, place: number, n: number): boolean => ((register(told, place) >> n) & 1) === 1;

const RAISED = 0b01;
/** A pair of 0x35A by its number; those of the warnings begin at 16. */
const pair = (told: Told, n: number): number => (byte(told, 0x35a, n >> 2) >> (2 * (n % 4))) & 3;

const limits351 = (told: Told) => ({
  cvlV: [le(told, 0x351, 0) / 10],
  cclA: [signed(le(told, 0x351, 2)) / 10],
  dclA: [signed(le(told, 0x351, 4)) / 10],
  dvlV: [le(told, 0x351, 6) / 10],
});

/** V1.2 with 0x359 and 0x35C; the newer frames with 0x35A (section 3). */
const pylontechLv: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told, { frame_set: frames = 'v1.2', stale_sign: sign = 'warning' }) => {
    const old = [
      ...(frames === 'newer' ? [] : [bit(told, 0x359, sign === 'warning' ? 3 : 1, 3)]),
      ...(frames === 'v1.2' ? [] : [pair(told, sign === 'warning' ? 27 : 11) === RAISED]),
    ];
    return {
      ...limits351(told),
      soc: [le(told, 0x355, 0)],
      ...(frames === 'newer'
        ? { asks: false }
        : {
            mayCharge: bit(told, 0x35c, 0, 7),
            mayDischarge: bit(told, 0x35c, 0, 6),
            asks: (byte(told, 0x35c, 0) & 0x38) !== 0,
          }),
      old,
    };
  },
};

/** 0x360 asks for charge; pair 11 of the warnings, and the status pair 13 of them (section 4). */
const victron =
  (hundredths: boolean) =>
  (told: Told): Read => ({
    ...limits351(told),
    soc: [le(told, 0x355, 0), ...(hundredths ? [le(told, 0x355, 4) / 100] : [])],
    asks: byte(told, 0x360, 0) !== 0,
    old: [pair(told, 27) === RAISED, pair(told, 29) === RAISED],
  });

const sma: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    ...limits351(told),
    soc: [le(told, 0x355, 0), le(told, 0x355, 4) / 100],
    asks: false,
    old: [pair(told, 27) === RAISED],
  }),
};

const bydHv: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    cvlV: [be(told, 0x110, 0) / 10],
    dvlV: [be(told, 0x110, 2) / 10],
    dclA: [signed(be(told, 0x110, 4)) / 10],
    cclA: [signed(be(told, 0x110, 6)) / 10],
    soc: [be(told, 0x150, 0) / 100],
    asks: false,
  }),
};

/** The address is added to every id; order, offset and sign of the discharge limit are options (section 7). */
const pylontechHv: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (at, { address = 0, byte_order: order, current_offset: offset, discharge_limit_sign: sign }) => {
    const told: Told = (place) => at(place + Number(address));
    const word = order === 'big' ? be : le;
    const current = (n: number) => (offset === false ? signed(n) : n - 30_000) / 10;
    return {
      cvlV: [word(told, 0x4220, 0) / 10],
      dvlV: [word(told, 0x4220, 2) / 10],
      cclA: [current(word(told, 0x4220, 4))],
      dclA: [current(word(told, 0x4220, 6)) * (sign === 'positive' ? 1 : -1) + 0],
      soc: [byte(told, 0x4210, 6)],
      mayCharge: byte(told, 0x4280, 0) !== 0xaa,
      mayDischarge: byte(told, 0x4280, 1) !== 0xaa,
      asks: (byte(told, 0x4250, 0) & 0x18) !== 0,
    };
  },
};

const growattLv: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => {
    const enables = [bit(told, 0x311, 7, 6), bit(told, 0x311, 7, 5)] as const;
    if (enables[0] !== bit(told, 0x319, 0, 7) || enables[1] !== bit(told, 0x319, 0, 6))
      throw new Error('0x311 and 0x319 contradict each other');
    return {
      cvlV: [be(told, 0x311, 0) / 10],
      cclA: [be(told, 0x311, 2) / 10],
      dclA: [be(told, 0x311, 4) / 10],
      dvlV: [],
      soc: [byte(told, 0x313, 6)],
      mayCharge: enables[0],
      mayDischarge: enables[1],
      asks: (byte(told, 0x319, 0) & 0x30) !== 0,
      old: [bit(told, 0x311, 7, 2)],
      still: (byte(told, 0x311, 7) & 3) === 1 && be(told, 0x313, 2) === 0,
    };
  },
};

/** Its bits say "no charge" and "no discharge", the other way round (8.2). */
const growattHv: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    cvlV: [be(told, 0x3110, 0) / 10],
    cclA: [be(told, 0x3110, 2) / 10],
    dclA: [be(told, 0x3110, 4) / 10],
    dvlV: [be(told, 0x3150, 0) / 10],
    soc: [byte(told, 0x3130, 6)],
    mayCharge: !bit(told, 0x3110, 7, 6),
    mayDischarge: !bit(told, 0x3110, 7, 5),
    asks: false,
    old: [bit(told, 0x3110, 7, 2)],
    still: (byte(told, 0x3110, 7) & 3) === 1 && be(told, 0x3130, 2) === 0,
  }),
};

const solax: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    cvlV: [le(told, 0x1872, 0) / 10],
    dvlV: [le(told, 0x1872, 2) / 10],
    cclA: [le(told, 0x1872, 4) / 10],
    dclA: [le(told, 0x1872, 6) / 10],
    soc: [byte(told, 0x1873, 4), byte(told, 0x187e, 5)],
    asks: false,
  }),
};

const generic: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    cvlV: [register(told, 0x108) / 10],
    dvlV: [register(told, 0x109) / 10],
    cclA: [register(told, 0x10a) / 10],
    dclA: [register(told, 0x10b) / 10],
    soc: [register(told, 0x100), register(told, 0x12b) / 100],
    mayCharge: flag(told, 0x104, 1),
    mayDischarge: flag(told, 0x104, 2),
    asks: flag(told, 0x104, 3) || flag(told, 0x104, 4),
    old: [flag(told, 0x104, 9), flag(told, 0x10e, 0)],
  }),
};

const growattRs485: Reader = {
  counts: { a: 0.01, v: 0.01 },
  read: (told) => ({
    cvlV: [register(told, 0x21) / 100],
    dvlV: [],
    cclA: [register(told, 0x19) / 100],
    dclA: [register(told, 0x23) / 100],
    soc: [register(told, 0x15)],
    mayCharge: flag(told, 0x13, 6),
    mayDischarge: flag(told, 0x13, 5),
    asks: flag(told, 0x13, 12),
    old: [flag(told, 0x13, 2)],
    still: (register(told, 0x13) & 3) === 1 && register(told, 0x17) === 0,
  }),
};

const bydModbus: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    cvlV: [register(told, 205) / 10],
    dvlV: [register(told, 206) / 10],
    dclW: register(told, 306),
    cclW: register(told, 307),
    soc: [register(told, 303) / 100],
    asks: false,
    old: [register(told, 300) === 0, register(told, 308) === 0],
    still: register(told, 302) === 128 && register(told, 309) === 0 && register(told, 311) === 0,
  }),
};

const voltronic: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    cvlV: [register(told, 0x70) / 10],
    dvlV: [register(told, 0x71) / 10],
    cclA: [register(told, 0x72) / 10],
    dclA: [register(told, 0x73) / 10],
    soc: [register(told, 0x33)],
    mayCharge: flag(told, 0x74, 7),
    mayDischarge: flag(told, 0x74, 6),
    asks: (register(told, 0x74) & 0x38) !== 0,
  }),
};

const pace: Reader = {
  counts: { a: 1, v: 0.001 },
  read: (told) => ({
    cvlV: [register(told, 61) / 1000, register(told, 107) / 1000],
    dvlV: [register(told, 69) / 1000],
    cclA: [register(told, 77)],
    dclA: [register(told, 80)],
    soc: [register(told, 2)],
    mayCharge: flag(told, 11, 10),
    mayDischarge: flag(told, 11, 11),
    asks: false,
    old: [flag(told, 9, 4), flag(told, 9, 5)],
  }),
};

const epever: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    cvlV: [register(told, 0x9002) / 100, register(told, 0x9003) / 100, register(told, 0x9017) / 10],
    dvlV: [register(told, 0x9000) / 100, register(told, 0x9001) / 100, register(told, 0x9016) / 10],
    cclA: [register(told, 0x9004) / 100, register(told, 0x9005) / 100, register(told, 0x9018) / 10],
    dclA: [register(told, 0x9006) / 100, register(told, 0x9007) / 100, register(told, 0x9019) / 10],
    soc: [register(told, 0x3106)],
    mayCharge: flag(told, 0x3111, 0) && !flag(told, 0x3127, 15),
    mayDischarge: flag(told, 0x3111, 1) && !flag(told, 0x3127, 14),
    asks: flag(told, 0x3127, 13),
    old: [flag(told, 0x3127, 2)],
  }),
};

/** Model 802 begins at 40070, its points count from there (RS485 reference, section 13). */
const sunspec: Reader = {
  counts: { a: 0.1, v: 0.1 },
  read: (told) => ({
    cvlV: [register(told, 40070 + 35) / 10],
    dvlV: [register(told, 40070 + 36) / 10],
    cclA: [register(told, 40070 + 45) / 10],
    dclA: [register(told, 40070 + 46) / 10],
    soc: [register(told, 40070 + 11) / 100],
    asks: false,
    old: [flag(told, 40070 + 27, 0), register(told, 40070 + 16) === 1, register(told, 40070 + 22) === 6],
  }),
};

const pylontechRs485: Reader = {
  counts: { a: 0.1, v: 0.001 },
  read: (told) => {
    const status = byte(told, 0x63, 8);
    if (status !== byte(told, 0x92, 9)) throw new Error('63 and 92 contradict each other');
    return {
      cvlV: [be(told, 0x63, 0) / 1000, be(told, 0x92, 1) / 1000, be(told, 0x47, 13) / 1000],
      dvlV: [be(told, 0x63, 2) / 1000, be(told, 0x92, 3) / 1000, be(told, 0x47, 15) / 1000],
      cclA: [be(told, 0x63, 4) / 10, be(told, 0x92, 5) / 10, be(told, 0x47, 11) / 10].map(positive),
      dclA: [be(told, 0x63, 6) / 10, be(told, 0x92, 7) / 10, be(told, 0x47, 23) / 10].map(positive),
      soc: [byte(told, 0x61, 4)],
      mayCharge: (status & 0x80) !== 0,
      mayDischarge: (status & 0x40) !== 0,
      asks: (status & 0x38) !== 0,
      old: [(byte(told, 0x62, 1) & 0x10) !== 0],
    };
  },
};
const positive = (value: number): number => (value > 3276.7 ? value - 6553.6 : value);

/** Its content begins at what the protocol calls byte 6 (section 12). */
const kostal: Reader = {
  counts: { a: 0.001, v: 0.001 },
  read: (told) => ({
    cvlV: [float(told, 0x44a, 10 - 6)],
    dvlV: [],
    dclA: [float(told, 0x44a, 26 - 6)],
    cclA: [float(told, 0x44a, 34 - 6)],
    soc: [byte(told, 0x44a, 58 - 6)],
    asks: false,
    off: byte(told, 0x44a, 56 - 6) === 0,
  }),
};

/** Each shipped profile as its inverter reads it; a new one needs its reader here. */
export const readers: Readonly<Record<string, Reader>> = {
  'byd-hv': bydHv,
  'byd-lv': { counts: { a: 0.1, v: 0.1 }, read: victron(false) },
  'byd-modbus': bydModbus,
  'deye-lv': pylontechLv,
  'epever-rs485': epever,
  'generic-modbus': generic,
  'goodwe-lv': sma,
  'growatt-hv': growattHv,
  'growatt-lv': growattLv,
  'growatt-pylontech': pylontechLv,
  'growatt-rs485': growattRs485,
  'kostal-byd': kostal,
  'luxpower-lv': pylontechLv,
  'pace-modbus': pace,
  'pylontech-hv': pylontechHv,
  'pylontech-lv': pylontechLv,
  'pylontech-rs485': pylontechRs485,
  sma,
  'sofar-lv': pylontechLv,
  'sol-ark-lv': pylontechLv,
  'solax-hv': solax,
  'solis-lv': pylontechLv,
  'sunspec-802': sunspec,
  victron: { counts: { a: 0.1, v: 0.1 }, read: victron(true) },
  'voltronic-rs485': voltronic,
};
