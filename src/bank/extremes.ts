import type { SignalValues } from '../model/signals.ts';
import type { ReadPack, StringValues } from './strings.ts';

/** One measured place and its value. All numbers count from 1. */
interface Place {
  readonly value: number;
  /** Of the pack, through the bank. */
  readonly pack: number;
  /** Of the pack in its string: what high-voltage families call a module. */
  readonly module: number;
  /** Of the cell or sensor in its pack. */
  readonly at: number;
  /** Of the cell or sensor in its string, pack after pack. */
  readonly along: number;
}

/** Least and greatest of many places, the first of equals, and the mean of all. */
interface Survey {
  readonly least: Place;
  readonly greatest: Place;
  readonly mean: number;
}

type Values = (pack: ReadPack) => readonly (number | undefined)[];
const cells: Values = (p) => p.reading.cellVoltagesV;
const sensors: Values = (p) => p.reading.temperaturesC ?? [];
const whole: Values = (p) => [p.reading.voltageV];

/** One walk over everything measured: this runs over a thousand cells each time a pack has spoken. */
function survey(strings: readonly StringValues[], valuesOf: Values): Survey | undefined {
  let [least, greatest]: (Place | undefined)[] = [];
  let [total, count] = [0, 0];
  for (const { packs } of strings) {
    let [module, before] = [0, 0];
    for (const pack of packs) {
      const values = valuesOf(pack);
      module++;
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value === undefined) continue;
        const isLeast = !least || value < least.value;
        const isGreatest = !greatest || value > greatest.value;
        if (isLeast || isGreatest) {
          const place = { value, pack: pack.no, module, at: i + 1, along: before + i + 1 };
          if (isLeast) least = place;
          if (isGreatest) greatest = place;
        }
        total += value;
        count++;
      }
      before += values.length;
    }
  }
  return least && greatest && { least, greatest, mean: total / count };
}

/** A difference of two millivolt counts is one again: 3.455 − 3.445 is 0.01. */
export const tidy = (difference: number): number => Math.round(difference * 1e6) / 1e6;

/** `P1C07`: pack 1, cell 7; `P1T2`: pack 1, sensor 2 (CAN reference, 0x374 to 0x377). */
const cellId = ({ pack, at }: Place, kind: 'C' | 'T'): string =>
  `P${pack}${kind}${kind === 'C' ? String(at).padStart(2, '0') : at}`;

/** V; `…CellNo` counts through the string, as high-voltage families do, `…PackCellNo` within the pack. */
function cellExtremes(strings: readonly StringValues[]): SignalValues {
  const found = survey(strings, cells);
  if (!found) return {};
  const { least: min, greatest: max, mean } = found;
  return {
    minCellVoltageV: min.value,
    maxCellVoltageV: max.value,
    meanCellVoltageV: tidy(mean),
    cellDeltaV: tidy(max.value - min.value),
    minVoltagePackNo: min.pack,
    maxVoltagePackNo: max.pack,
    minVoltagePackCellNo: min.at,
    maxVoltagePackCellNo: max.at,
    minVoltageCellNo: min.along,
    maxVoltageCellNo: max.along,
    minVoltageCellId: cellId(min, 'C'),
    maxVoltageCellId: cellId(max, 'C'),
  };
}

/** °C; a module is as cold as its coldest sensor and as hot as its hottest. */
function temperatureExtremes(strings: readonly StringValues[]): SignalValues {
  const found = survey(strings, sensors);
  if (!found) return {};
  const { least: min, greatest: max, mean } = found;
  return {
    temperatureC: mean,
    minCellTemperatureC: min.value,
    maxCellTemperatureC: max.value,
    minTemperaturePackNo: min.pack,
    maxTemperaturePackNo: max.pack,
    minTemperatureSensorNo: min.at,
    maxTemperatureSensorNo: max.at,
    minTemperatureCellNo: min.along,
    maxTemperatureCellNo: max.along,
    minTemperatureCellId: cellId(min, 'T'),
    maxTemperatureCellId: cellId(max, 'T'),
    minModuleTemperatureC: min.value,
    maxModuleTemperatureC: max.value,
    minTemperatureModuleNo: min.module,
    maxTemperatureModuleNo: max.module,
  };
}

/** V of whole packs: the modules of a high-voltage stack. */
function moduleExtremes(strings: readonly StringValues[]): SignalValues {
  const found = survey(strings, whole);
  if (!found) return {};
  const { least: min, greatest: max } = found;
  return {
    minModuleVoltageV: min.value,
    maxModuleVoltageV: max.value,
    minVoltageModuleNo: min.module,
    maxVoltageModuleNo: max.module,
  };
}

/** Where the bank is lowest and highest, coldest and hottest. */
export const extremes = (strings: readonly StringValues[]): SignalValues => ({
  ...cellExtremes(strings),
  ...temperatureExtremes(strings),
  ...moduleExtremes(strings),
});
