import { type BatteryReading, readingNames } from '../model/battery.ts';
import type { PackConfig } from './config.ts';

/** A reading that holds everything the bank needs of a pack (design section 8, "Required"). */
export interface CompleteReading extends BatteryReading {
  readonly voltageV: number;
  readonly currentA: number;
  readonly socPct: number;
  readonly cellVoltagesV: readonly number[];
}

/** What became of a sample: it counts, or one sentence says why it does not. */
export type Judgement =
  /** `dropped` names what was said beside it and cannot be believed. */
  | { readonly complete: CompleteReading; readonly dropped: readonly string[] }
  /** Something required is absent: the sample does not count and the pack ages. `partial` is what is believed of it, to be shown. */
  | { readonly incomplete: string; readonly partial: BatteryReading }
  /** The pack is not the one that was configured: all output stops. */
  | { readonly wrong: string };

// What a pack can report at all (BLE reference, section 10). A value outside is dropped, as if it had not been said.
const believable = {
  voltageV: [0.1, 1000],
  currentA: [-1000, 1000],
  socPct: [0, 105],
  sohPct: [0, 110],
  remainingCapacityAh: [0, 10_000],
  nominalCapacityAh: [0.1, 10_000],
  cycles: [0, 100_000],
  mosfetTemperatureC: [-40, 150],
  chargeOverCurrentA: [0.1, 2000],
  dischargeOverCurrentA: [0.1, 2000],
} as const satisfies { readonly [K in keyof BatteryReading]?: readonly [number, number] };
// Object.keys forgets the literal keys of the table above.
const ranged = Object.keys(believable) as readonly (keyof typeof believable)[];
const CELL_V = [0, 5] as const;
const TEMPERATURE_C = [-40, 120] as const;

/** NaN is in no range. */
const within = (n: unknown, range: readonly [min: number, max: number]): n is number =>
  typeof n === 'number' && n >= range[0] && n <= range[1];

/** The reading without what no battery can have said; a cell outside its range takes all cells with it. */
function believed(reading: BatteryReading): BatteryReading {
  const { cellVoltagesV, temperaturesC, ...rest } = reading;
  const kept: { -readonly [K in keyof BatteryReading]: BatteryReading[K] } = rest;
  for (const key of ranged) if (key in kept && !within(kept[key], believable[key])) delete kept[key];
  if (kept.socPct !== undefined) kept.socPct = Math.min(100, kept.socPct);
  if (cellVoltagesV?.length && cellVoltagesV.every((v) => within(v, CELL_V)))
    kept.cellVoltagesV = cellVoltagesV;
  if (temperaturesC)
    kept.temperaturesC = temperaturesC.map((c) => (within(c, TEMPERATURE_C) ? c : undefined));
  return kept;
}

/** Temperatures that are there, coldest and hottest decide; absent sensors are left out. */
export const temperaturesOf = (reading: BatteryReading): number[] =>
  (reading.temperaturesC ?? []).filter((c) => c !== undefined);

const required = [
  ['voltageV', 'voltage'],
  ['currentA', 'current'],
  ['socPct', 'SoC'],
  ['cellVoltagesV', 'cell voltages'],
] as const satisfies readonly (readonly [keyof CompleteReading, string])[];

function missing(reading: BatteryReading, config: PackConfig): string[] {
  const lacking: string[] = required.filter((r) => reading[r[0]] === undefined).map(([, name]) => name);
  if (config.needsTemperature && !temperaturesOf(reading).length) lacking.push('cell temperature');
  return lacking;
}

const isComplete = (reading: BatteryReading, lacking: readonly string[]): reading is CompleteReading =>
  !lacking.length;

const adviceFor = (lacking: readonly string[]): string =>
  lacking.includes('cell temperature')
    ? '; connect a sensor, or set `temperature: none` for this battery if it has none'
    : '';

/** What a BMS never said no sensor and no better link will mend: an active balancer, for one, is no meter. */
function whyIncomplete(
  sample: BatteryReading,
  lacking: readonly string[],
  { id }: PackConfig,
  before: CompleteReading | undefined,
): string {
  const [noCurrent, noSoc] = before
    ? [false, false]
    : [sample.currentA === undefined, sample.socPct === undefined];
  const untold = noCurrent && noSoc ? 'neither current nor SoC' : noCurrent ? 'no current' : 'no SoC';
  return noCurrent || noSoc
    ? `${id} tells ${untold}, so the bank cannot count it; name a BMS that does in its place`
    : `${id} does not report ${lacking.join(', ')} that can be believed${adviceFor(lacking)}`;
}

const isAbsurd = (celsius: number | undefined): boolean =>
  celsius !== undefined && !within(celsius, TEMPERATURE_C);

const names = Object.entries(readingNames);

/** The JSON names of what was said and is not believed. */
function droppedFrom(sample: BatteryReading, reading: BatteryReading): string[] {
  const isGone = ([key]: (typeof names)[number]) =>
    Reflect.get(sample, key) !== undefined && !Object.hasOwn(reading, key);
  const gone: string[] = names.filter(isGone).map(([, name]) => name);
  if ((sample.temperaturesC ?? []).some(isAbsurd)) gone.push(readingNames.temperaturesC);
  return gone;
}

/** Judges a sample by what a battery can say and by what the installer configured. `before`: the last that counted. */
export function judge(sample: BatteryReading, config: PackConfig, before?: CompleteReading): Judgement {
  const reading = believed(sample);
  const lacking = missing(reading, config);
  if (!isComplete(reading, lacking))
    return { incomplete: whyIncomplete(sample, lacking, config, before), partial: reading };
  const cells = reading.cellVoltagesV.length;
  if (cells !== config.cells)
    return {
      wrong: `${config.id} reports ${cells} cells, ${config.cells} are configured: output stops; correct \`cells\` or the battery's address`,
    };
  return { complete: reading, dropped: droppedFrom(sample, reading) };
}

/** Charge the pack holds when full, Ah: what the installer said, else what the BMS says. */
export const fullCapacityAh = (config: PackConfig, reading: BatteryReading | undefined): number | undefined =>
  config.capacityAh ?? reading?.nominalCapacityAh;

/** A cell, counted from 1, and its voltage, V. */
export interface CellAt {
  readonly cell: number;
  readonly measured: number;
}

/** The lowest and the highest cell of a pack, the first of equals. */
export interface CellRange {
  readonly lowest: CellAt;
  readonly highest: CellAt;
}

/** Where the cells of a pack end; of none, volts that no cell can have. */
export function cellRange(cellVoltagesV: readonly number[]): CellRange {
  const [lowestV, highestV] = [Math.min(...cellVoltagesV), Math.max(...cellVoltagesV)];
  return {
    lowest: { cell: cellVoltagesV.indexOf(lowestV) + 1, measured: lowestV },
    highest: { cell: cellVoltagesV.indexOf(highestV) + 1, measured: highestV },
  };
}
