import { bitsOf } from '../bytes/bits.ts';
import type { Field } from '../bytes/field.ts';
import type { BatteryReading } from '../model/battery.ts';
import { dalyAlarms } from './daly-alarms.ts';
import { D2, d2Control } from './daly-control.ts';
import {
  AMPERES,
  type Block,
  cellVoltages,
  celsiusOf,
  fets,
  modbusDialect,
  readTold,
  type Told,
  temperatures,
  word,
} from './daly-modbus.ts';
import type { Dialect } from './driver.ts';

/** Daly's D2 dialect: boards of the H, K, M and S series, 2022 and later (BLE reference 3.1). */

const CELLS = 32;
const STATUS = 0x00;
const SETTINGS = 0x80;
const THERMAL = 0x3e;

const status = {
  voltageV: word(0x28, { scale: 0.1 }),
  currentA: word(0x29, AMPERES),
  socPct: word(0x2a, { scale: 0.1 }),
  remainingCapacityAh: word(0x30, { scale: 0.1 }),
  cycles: word(0x33),
} as const satisfies Record<string, Field>;

const counts = {
  cells: word(0x31),
  sensors: word(0x32),
  chargeFet: word(0x35),
  dischargeFet: word(0x36),
} as const satisfies Record<string, Field>;

const FIRST_SENSOR = word(0x20);
/** Alarm words 3A to 3C; 3D is reserved. */
const ALARMS = { from: 2 * 0x3a, to: 2 * 0x3d };

/** The bytes of the alarm words, low byte first. */
const alarmBytes = (data: Uint8Array): Uint8Array => {
  const bytes = data.slice(ALARMS.from, ALARMS.to);
  return bytes.map((_, i) => bytes[i ^ 1] ?? 0);
};

function readStatus(data: Uint8Array): Told {
  const { cells = 0, sensors, chargeFet, dischargeFet } = readTold(data, counts);
  const cellVoltagesV = cellVoltages(data, cells, CELLS);
  if (!cellVoltagesV) return { rejected: `a D2 board cannot have ${cells} cells` };
  return {
    reading: {
      ...readTold(data, status),
      cellVoltagesV,
      temperaturesC: temperatures(data, FIRST_SENSOR, sensors),
      ...fets(chargeFet, dischargeFet),
      ...dalyAlarms(alarmBytes(data)),
    },
  };
}

/** Balancing cells and the MOSFET's temperature, which only newer boards have. */
function readThermal(data: Uint8Array, first = THERMAL): BatteryReading {
  const { low, high, mosfet } = readTold(data, {
    low: word(0x3e, {}, first),
    high: word(0x3f, {}, first),
    mosfet: word(0x42, {}, first),
  });
  const mosfetTemperatureC = celsiusOf(mosfet);
  return {
    ...(low !== undefined && high !== undefined && { balancingCells: bitsOf(low + high * 0x10000) }),
    ...(mosfetTemperatureC !== undefined && { mosfetTemperatureC }),
  };
}

/** The longer status of newer boards, as the maker's app asks for it. */
function readLongStatus(data: Uint8Array): Told {
  const told = readStatus(data);
  return 'rejected' in told ? told : { reading: { ...told.reading, ...readThermal(data, STATUS) } };
}

/** Trip points are told with the sign of their current or without; they are positive. One of 0 A is none. */
const tripOf = (amperes: number | undefined): number | undefined => Math.abs(amperes ?? 0) || undefined;

function readSettings(data: Uint8Array): Told {
  const at = (register: number, more: Partial<Field>) => word(register, more, SETTINGS);
  const { nominal, charge, discharge } = readTold(data, {
    nominal: at(0x80, { scale: 0.1 }),
    charge: at(0x94, AMPERES),
    discharge: at(0x96, AMPERES),
  });
  const [chargeOverCurrentA, dischargeOverCurrentA] = [tripOf(charge), tripOf(discharge)];
  return {
    reading: {
      ...(nominal && { nominalCapacityAh: nominal }),
      ...(chargeOverCurrentA && { chargeOverCurrentA }),
      ...(dischargeOverCurrentA && { dischargeOverCurrentA }),
    },
  };
}

const blocks: readonly Block[] = [
  { name: 'status', register: STATUS, count: 62, required: true, read: readStatus },
  {
    name: 'thermal',
    register: THERMAL,
    count: 9,
    required: false,
    read: (d) => ({ reading: readThermal(d) }),
  },
  { name: 'settings', register: SETTINGS, count: 41, required: false, once: true, read: readSettings },
  { name: 'status', register: STATUS, count: 80, required: true, unasked: true, read: readLongStatus },
];

export const dalyD2: Dialect = modbusDialect('d2', { ask: D2, answer: D2 }, blocks, d2Control);
