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
const within = (n: unknown, [min, max]: readonly [number, number]): n is number =>
  typeof n === 'number' && n >= min && n <= max;

/** The reading without what no battery can have said; a cell outside its range takes all cells with it. */
function believed(reading: BatteryReading): BatteryReading {
  const { cellVoltagesV, temperaturesC, ...rest } = reading;
  const kept: { -readonly [K in keyof BatteryReading]: BatteryReading[K] } = rest;
  for (const key of ranged) if (key in kept && !within(kept[key], believable[key])) delete kept[key];
  return {
    ...kept,
    ...(kept.socPct !== undefined && { socPct: Math.min(100, kept.socPct) }),
    ...(cellVoltagesV?.length && cellVoltagesV.every((v) => within(v, CELL_V)) && { cellVoltagesV }),
    ...(temperaturesC && {
      temperaturesC: temperaturesC.map((c) => (within(c, TEMPERATURE_C) ? c : undefined)),
    }),
  };
}

/** Temperatures that are there, coldest and hottest decide; absent sensors are left out. */
export const temperaturesOf = (reading: BatteryReading): number[] =>
  (reading.temperaturesC ?? []).filter((c) => c !== undefined);

function missing(reading: BatteryReading, config: PackConfig): string[] {
  return [
    ...(reading.voltageV === undefined ? ['voltage'] : []),
    ...(reading.currentA === undefined ? ['current'] : []),
    ...(reading.socPct === undefined ? ['SoC'] : []),
    ...(reading.cellVoltagesV === undefined ? ['cell voltages'] : []),
    ...(config.needsTemperature && !temperaturesOf(reading).length ? ['cell temperature'] : []),
  ];
}

const adviceFor = (lacking: readonly string[]): string =>
  lacking.includes('cell temperature')
    ? '; connect a sensor, or set `temperature: none` for this battery if it has none'
    : '';

/** What a BMS does not say at all no sensor and no better link will mend: an active balancer, for one, is no meter. */
function whyIncomplete(sample: BatteryReading, lacking: readonly string[], { id }: PackConfig): string {
  const [noCurrent, noSoc] = [sample.currentA === undefined, sample.socPct === undefined];
  const untold = noCurrent && noSoc ? 'neither current nor SoC' : noCurrent ? 'no current' : 'no SoC';
  return noCurrent || noSoc
    ? `${id} tells ${untold}, so the bank cannot count it; name a BMS that does in its place`
    : `${id} does not report ${lacking.join(', ')} that can be believed${adviceFor(lacking)}`;
}

const isAbsurd = (celsius: number | undefined): boolean =>
  celsius !== undefined && !within(celsius, TEMPERATURE_C);

/** The JSON names of what was said and is not believed. */
function droppedFrom(sample: BatteryReading, reading: BatteryReading): string[] {
  const gone = Object.entries(readingNames).filter(
    ([key]) => Reflect.get(sample, key) !== undefined && !Object.hasOwn(reading, key),
  );
  const sensors = (sample.temperaturesC ?? []).some(isAbsurd) ? [readingNames.temperaturesC] : [];
  return [...gone.map(([, name]) => name), ...sensors];
}

/** Judges a sample by what a battery can say and by what the installer configured. */
export function judge(sample: BatteryReading, config: PackConfig): Judgement {
  const reading = believed(sample);
  const { voltageV, currentA, socPct, cellVoltagesV } = reading;
  const lacking = missing(reading, config);
  if (
    lacking.length ||
    voltageV === undefined ||
    currentA === undefined ||
    socPct === undefined ||
    !cellVoltagesV
  )
    return { incomplete: whyIncomplete(sample, lacking, config), partial: reading };
  if (cellVoltagesV.length !== config.cells)
    return {
      wrong: `${config.id} reports ${cellVoltagesV.length} cells, ${config.cells} are configured: output stops; correct \`cells\` or the battery's address`,
    };
  return {
    complete: { ...reading, voltageV, currentA, socPct, cellVoltagesV },
    dropped: droppedFrom(sample, reading),
  };
}

/** Charge the pack holds when full, Ah: what the installer said, else what the BMS says. */
export const fullCapacityAh = (config: PackConfig, reading: BatteryReading | undefined): number | undefined =>
  config.capacityAh ?? reading?.nominalCapacityAh;
