import { bitsOf } from '../bytes/bits.ts';
import { inRow, readAll, readField, readFields } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { Answer, Learned } from './driver.ts';
import type { JkLayout, Sensor } from './jk-fields.ts';
import * as at from './jk-fields.ts';
import { readFloats } from './jk04.ts';

/** What the frames of JK tell, whichever way they came (BLE reference 2.3 to 2.5). */

/** Pack voltage and cells of one frame agree within this share of it. */
const AGREEMENT = 0.02;

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

export function readInfo(frame: Uint8Array): Answer {
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
export const readSettings = (frame: Uint8Array): Answer => ({
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

/**
 * What a frame of cells tells, or why it cannot be. Floats come first: no word of the other layouts can be taken for a cell of more
 * than a few millionths of a volt.
 */
export const readMeasured = (frame: Uint8Array, learned: Learned): BatteryReading | string =>
  readFloats(frame) ??
  readLayouts(frame, learned) ??
  'cells, their mean and the voltage of the pack agree in none of the layouts 24S, 32S and JK04';
