import { bitsOf } from '../bytes/bits.ts';
import { type Field, readField } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
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
import type { Dialect, Learned } from './driver.ts';

/** Daly's 81/51 dialect: "100 balance" and ESS boards, asked at 81, answering as 51 (BLE reference 3.2). */

const CELLS = 48;
const STATE = 0x41;
const CAPACITY = 0x100;
const CURRENTS = 0x140;

const pack = {
  voltageV: word(0x38, { scale: 0.1 }),
  currentA: word(0x39, AMPERES),
  socPct: word(0x3a, { scale: 0.1 }),
} as const satisfies Record<string, Field>;

function readCells(data: Uint8Array): Told {
  const values = readTold(data, pack);
  const { cells = 0, sensors } = readTold(data, { cells: word(0x3c), sensors: word(0x3d) });
  const cellVoltagesV = cellVoltages(data, cells, CELLS);
  if (!cellVoltagesV) return { rejected: `a P81 board cannot have ${cells} cells` };
  const temperaturesC = temperatures(data, word(0x30), sensors);
  return {
    reading: { ...values, cellVoltagesV, temperaturesC },
    ...(values.socPct !== undefined && { learned: { socPct: values.socPct } }),
  };
}

const state = (register: number, more: Partial<Field> = {}): Field => word(register, more, STATE);

const stateWords = {
  balance1to16: state(0x4f),
  balance17to32: state(0x50),
  balance33to48: state(0x51),
  chargeFet: state(0x52),
  dischargeFet: state(0x53),
  mosfet: state(0x5a),
} as const satisfies Record<string, Field>;

/**
 * Faults of the K series: three bits each, 1 is the warning, more is an alarm (patagonaa/esphome-daly-hkms-bms issue 2; in all
 * captures they are 0). What the upper bits of the second word mean is not known, so they only warn.
 */
const levels: readonly (readonly [register: number, shift: number, name: AlarmName])[] = [
  [0x6d, 0, 'cell_high_voltage'],
  [0x6d, 3, 'cell_low_voltage'],
  [0x6d, 8, 'cell_imbalance'],
  [0x6d, 11, 'high_temperature_charge'],
  [0x6e, 0, 'low_temperature_charge'],
  [0x6e, 3, 'high_temperature'],
];
const UNNAMED = 0xffc0;

function faults(data: Uint8Array): Pick<BatteryReading, 'alarms' | 'warnings'> {
  const wordAt = (register: number) => readField(data, state(register)) ?? 0xffff;
  if (wordAt(0x6d) === 0xffff || wordAt(0x6e) === 0xffff) return {};
  const raised = levels.map(([register, shift, name]) => ({ name, level: (wordAt(register) >> shift) & 7 }));
  const named = (is: (level: number) => boolean) => raised.flatMap((r) => (is(r.level) ? r.name : []));
  return {
    alarms: named((level) => level > 1),
    warnings: [...named((level) => level === 1), ...(wordAt(0x6e) & UNNAMED ? ['internal' as const] : [])],
  };
}

function readState(data: Uint8Array): Told {
  const values = readTold(data, { remainingCapacityAh: state(0x4b, { scale: 0.1 }), cycles: state(0x4c) });
  const { balance1to16: a, balance17to32: b, balance33to48: c, ...told } = readTold(data, stateWords);
  const mosfetTemperatureC = celsiusOf(told.mosfet);
  const { remainingCapacityAh } = values;
  return {
    reading: {
      ...values,
      ...(a !== undefined &&
        b !== undefined &&
        c !== undefined && { balancingCells: bitsOf(a + b * 2 ** 16 + c * 2 ** 32) }),
      ...fets(told.chargeFet, told.dischargeFet),
      ...(mosfetTemperatureC !== undefined && { mosfetTemperatureC }),
      ...faults(data),
    },
    ...(remainingCapacityAh !== undefined && { learned: { remainingCapacityAh } }),
  };
}

/** What state of charge and remaining capacity make of it, to 5 % of the whole. */
const isCapacity = (capacityAh: number, { socPct, remainingCapacityAh }: Learned): boolean =>
  typeof socPct === 'number' &&
  typeof remainingCapacityAh === 'number' &&
  Math.abs((capacityAh * socPct) / 100 - remainingCapacityAh) < 0.05 * capacityAh;

/**
 * Boards do not agree where the capacity lies: the map puts it as for D2, at 100 in 0.1 Ah; a recorded ESS board has a 1 there and
 * mAh in two words at 109 (syssi/esphome-daly-bms:docs/pdus/ess-dl-bms-41_260321_0323.txt). The one that fits the charge is
 * believed; where none does the capacity stays unknown.
 */
function readCapacity(data: Uint8Array, learned: Learned): Told {
  const candidates = [
    readField(data, { at: 2 * (0x109 - CAPACITY), as: 'u32be', scale: 0.001 }),
    readField(data, { at: 0, as: 'u16be', scale: 0.1 }),
  ];
  const nominal = candidates.find((capacity) => capacity && isCapacity(capacity, learned));
  return { reading: nominal ? { nominalCapacityAh: nominal } : {} };
}

/**
 * Over-current trip points of that ESS board: warning and trip of discharging (below 30000, as its current), five words on those
 * of charging. Where another board has other things they do not stand in this order, and nothing is told. The pass code lies
 * between the two blocks, at 126: it is not read.
 */
function readCurrents(data: Uint8Array): Told {
  const amperes = (i: number) => readField(data, word(i, AMPERES)) ?? 0;
  const [warnOut, tripOut, warnIn, tripIn] = [amperes(0), amperes(1), amperes(5), amperes(6)];
  const isTrip = tripOut <= warnOut && warnOut < 0 && 0 < warnIn && warnIn <= tripIn;
  const isSane = tripOut >= -1000 && tripIn <= 1000;
  return { reading: isTrip && isSane ? { chargeOverCurrentA: tripIn, dischargeOverCurrentA: -tripOut } : {} };
}

const blocks: readonly Block[] = [
  { name: 'cells', register: 0, count: 64, required: true, read: readCells },
  { name: 'state', register: STATE, count: 62, required: true, read: readState },
  { name: 'capacity', register: CAPACITY, count: 13, required: false, once: true, read: readCapacity },
  { name: 'currents', register: CURRENTS, count: 10, required: false, once: true, read: readCurrents },
];

export const dalyP81: Dialect = modbusDialect('p81', { ask: 0x81, answer: 0x51 }, blocks);
