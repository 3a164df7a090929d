import { bitsOf } from '../bytes/bits.ts';
import { inRow, readAll, readField, readFields } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { Advert, Answer, BmsDriver, Dialect, Learned, Pending } from './driver.ts';
import { jkControl } from './jk-control.ts';
import type { JkLayout, Sensor } from './jk-fields.ts';
import * as at from './jk-fields.ts';
import { isAnswer, isSmallTalk, jkFraming, requestOf } from './jk-frame.ts';
import { readFloats } from './jk04.ts';

const INFO = 0x97;
/** Asks for the settings; the cells then come by themselves. */
const SETTINGS = 0x96;
const READY = 0xc8;

/** Pack voltage and cells of one frame agree within this share of it. */
const AGREEMENT = 0.02;

const rejected = (why: string): Answer => ({ kind: 'rejected', why });
const nothing: Answer = { kind: 'more' };

/** ASCII up to the first NUL. */
const textOf = (frame: Uint8Array, [from, to]: readonly [number, number]): string => {
  const [text = ''] = String.fromCharCode(...frame.subarray(from, to)).split('\0');
  return text.replace(/[^ -~]/g, '?').trim();
};

/** The names of the bits that are set, each once, in the order of the bits. */
const raised = (word: number, names: readonly (AlarmName | undefined)[]): AlarmName[] => [
  ...new Set(bitsOf(word).flatMap((bit) => names[bit - 1] ?? [])),
];

/** What only people read; what is empty is not told. */
const remarksOf = (frame: Uint8Array) =>
  Object.fromEntries(
    Object.entries({
      model: textOf(frame, at.MODEL),
      hardware_version: textOf(frame, at.HARDWARE),
      firmware_version: textOf(frame, at.SOFTWARE),
    }).filter(([, text]) => text),
  );

function readInfo(frame: Uint8Array): Answer {
  const name = textOf(frame, at.NAME);
  const major = Number(/^V?(\d+)\./i.exec(textOf(frame, at.SOFTWARE))?.[1]);
  return {
    kind: 'part',
    part: 'info',
    reading: { ...(name && { name }), details: remarksOf(frame) },
    ...(Number.isInteger(major) && { learned: { software: major } }),
  };
}

/** A threshold of 0 A or a capacity of 0 Ah is not set. */
const readSettings = (frame: Uint8Array): Answer => ({
  kind: 'part',
  part: 'settings',
  reading: Object.fromEntries(
    Object.entries(readFields(frame, at.settings)).filter(([, value]) => value > 0),
  ),
});

/** The voltages of the cells that are enabled; one that is not is no cell, one of 0 V is. */
const cellsOf = (frame: Uint8Array, mask: number): number[] =>
  bitsOf(mask).flatMap((number) => readField(frame, inRow(at.cell, number - 1)) ?? []);

const sumOf = (volts: readonly number[]): number => volts.reduce((sum, v) => sum + v, 0);

/**
 * How a layout tells the voltage of the pack a second time. The mean stands in for the sum where the wire of a cell is broken; where
 * a sum fits no mean is asked, for the wrong layout reads few resistances and the number of cycles for them, which may agree.
 */
const byCells = (volts: readonly number[]): number => sumOf(volts);
const byMean = (volts: readonly number[], meanV: number): number => volts.length * meanV;

/** True when pack and cells agree as this layout reads them (BLE reference 2.3); the wrong one reads resistances for volts. */
function fits(frame: Uint8Array, { mask, meanV, numbers, cells }: JkLayout, by: typeof byMean): boolean {
  const told = readAll(frame, { mask, meanV, voltageV: numbers.voltageV });
  if (!told || told.mask === 0 || told.mask >= 2 ** cells || told.voltageV <= 0) return false;
  const packV = by(cellsOf(frame, told.mask), told.meanV);
  return Math.abs(packV - told.voltageV) <= AGREEMENT * told.voltageV;
}

/** A mask of 0 is not told: the MOSFET's sensor, bit 0, is on every board. */
function temperature(frame: Uint8Array, { bit, field }: Sensor, mask: number): number | undefined {
  const celsius = readField(frame, field);
  const isThere = mask === 0 || (mask & (1 << bit)) !== 0;
  return isThere && celsius !== at.NOT_FITTED_C ? celsius : undefined;
}

function readLayout(frame: Uint8Array, layout: JkLayout): BatteryReading | undefined {
  const mask = readField(frame, layout.mask);
  const states = readAll(frame, layout.states);
  if (mask === undefined || !states) return undefined;
  const { sensors, sohPct, errors } = states;
  const hasMore = layout.moreSensors.some(({ field }) => readField(frame, field) !== 0);
  const fitted = hasMore ? [...layout.sensors, ...layout.moreSensors] : layout.sensors;
  const mosfetTemperatureC = temperature(frame, layout.mosfet, sensors);
  return {
    ...readFields(frame, layout.numbers),
    ...(sohPct > 0 && { sohPct }),
    cellVoltagesV: cellsOf(frame, mask),
    temperaturesC: fitted.map((sensor) => temperature(frame, sensor, sensors)),
    ...(mosfetTemperatureC !== undefined && { mosfetTemperatureC }),
    chargeFet: states.chargeFet !== 0,
    dischargeFet: states.dischargeFet !== 0,
    alarms: raised(errors, at.errorNames),
    warnings: raised(errors, at.errorWarnings),
  };
}

/** The layout of the software is tried first; what pack and cells say is believed more than a version. */
function readLayouts(frame: Uint8Array, { software }: Learned): BatteryReading | undefined {
  const layouts =
    typeof software === 'number' && software < at.SOFTWARE_32S
      ? [at.layout24, at.layout32]
      : [at.layout32, at.layout24];
  const layout =
    layouts.find((one) => fits(frame, one, byCells)) ?? layouts.find((one) => fits(frame, one, byMean));
  return layout && readLayout(frame, layout);
}

/** Floats come first: no word of the other layouts can be taken for a cell of more than a few millionths of a volt. */
function readCells(frame: Uint8Array, learned: Learned): Answer {
  const counter = frame[at.COUNTER] ?? 0;
  // The same frame once more (BLE reference 2.2): no new measurement.
  if (counter === learned.counter) return nothing;
  const reading = readFloats(frame) ?? readLayouts(frame, learned);
  if (reading) return { kind: 'part', part: 'cells', reading, learned: { counter } };
  return rejected(
    'cells, their mean and the voltage of the pack agree in none of the layouts 24S, 32S and JK04',
  );
}

/** Some boards send the info beside the settings (syssi/esphome-jk-bms issue 1020): it teaches, the settings are still to come. */
const inPassing = (info: Answer): Answer =>
  info.kind === 'part' ? { kind: 'more', ...(info.learned && { learned: info.learned }) } : info;

const typeText = (type: number): string => `frame type ${type.toString(16).padStart(2, '0')}`;

function answer(frame: Uint8Array, { request, learned }: Pending): Answer {
  const [, , , , type = 0] = frame;
  if (isSmallTalk(frame) || (!isAnswer(frame) && type === READY)) return nothing;
  if (!isAnswer(frame)) return rejected('a request, not an answer');
  const asked = request?.[4];
  if (type === 2) return readCells(frame, learned);
  if (type === 1 && asked !== INFO) return readSettings(frame);
  if (type === 3) return asked === SETTINGS ? inPassing(readInfo(frame)) : readInfo(frame);
  return rejected(`${typeText(type)} is no answer to ${asked === INFO ? 'device info' : 'what is asked'}`);
}

const jkCompanies: readonly (number | undefined)[] = [0x0b65, 0x4b4a];

/** The maker's company id, or its way to name a unit, which anybody in reach may have changed (BLE reference, section 11). */
const matches = ({ name = '', services, companyId }: Advert): boolean =>
  services.includes('ffe0') && (jkCompanies.includes(companyId) || /^JK[-_]/i.test(name));

export const jk02: Dialect = {
  id: 'jk02',
  requests: () => [
    { name: 'info', bytes: requestOf(INFO), required: true, once: true },
    { name: 'settings', bytes: requestOf(SETTINGS), required: false, once: true },
  ],
  stream: { parts: ['cells'], rouse: [requestOf(SETTINGS)] },
  control: jkControl,
  framing: jkFraming,
  answer,
};

/** JK, also Jikong: boards that balance actively, in rack batteries and home-made ones (BLE reference, section 2). */
export const jk: BmsDriver = {
  id: 'jk',
  title: 'JK (Jikong)',
  gatt: [{ service: 'ffe0', notify: 'ffe1', write: 'ffe1' }],
  matches,
  dialects: [jk02],
};
