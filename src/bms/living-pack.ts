import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';

/** A simulated LFP pack for the demo and the tests. Pure: time comes as seconds, chance not at all. */
export interface LivingPack {
  readonly name: string;
  readonly nominalAh: number;
  readonly cells: readonly LivingCell[];
  /** What the pack carried in the last step; positive while charging. */
  readonly currentA: number;
  readonly dischargedAh: number;
  readonly temperatureC: number;
  readonly ambientC: number;
  readonly chargeFet: boolean;
  readonly dischargeFet: boolean;
}

export interface LivingCell {
  readonly chargeAh: number;
  readonly capacityAh: number;
  readonly resistanceOhm: number;
  /** What balancing has turned into heat. */
  readonly bledAh: number;
}

/** Open-circuit volts by state of charge, 0 to 1: flat in the middle, steep at both ends, as LFP is. Made up for the demo. */
const curve = [
  [0, 2.5],
  [0.01, 2.8],
  [0.05, 3.05],
  [0.1, 3.2],
  [0.2, 3.25],
  [0.4, 3.29],
  [0.6, 3.31],
  [0.7, 3.33],
  [0.95, 3.345],
  [0.98, 3.37],
  [0.99, 3.45],
  [1, 3.65],
] as const;

/** The BMS opens a FET at the first voltage and closes it at the second; ordinary settings of a JBD on LFP. */
export const OVER_VOLTAGE = { tripV: 3.65, releaseV: 3.4 };
export const UNDER_VOLTAGE = { tripV: 2.5, releaseV: 2.9 };

const BALANCE_FROM_V = 3.4;
const BALANCE_SPREAD_V = 0.01;
const BLEED_A = 0.06;
/** Warming above the room, by current squared, and how slowly it gets there. */
const WARMING_C_PER_A2 = 0.003;
const WARMING_S = 1800;

/** Between two points a straight line; beyond the ends the last line goes on. */
function openCircuitV({ chargeAh, capacityAh }: LivingCell): number {
  const soc = chargeAh / capacityAh;
  const after = curve.findIndex(([x]) => x > soc);
  const end = after < 0 ? curve.length - 1 : Math.max(1, after);
  const [[x0, y0] = [0, 0], [x1, y1] = [1, 1]] = curve.slice(end - 1, end + 1);
  return y0 + ((soc - x0) * (y1 - y0)) / (x1 - x0);
}

const cellV = (cell: LivingCell, currentA: number): number =>
  openCircuitV(cell) + currentA * cell.resistanceOhm;

/** −1 to 1, the same for the same cell at every start. */
const oddity = (name: string, i: number): number =>
  Math.sin([...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) * 78.233 + i * 12.9898);

export interface PackPlan {
  readonly name: string;
  readonly cells: number;
  readonly capacityAh: number;
  readonly socPct: number;
  /** The room; 20 °C when it is not said. */
  readonly ambientC?: number;
}

/** A pack at rest. Its cells differ by a few tenths of a percent in capacity and in charge, as good ones do. */
export function newPack({ name, cells, capacityAh, socPct, ambientC = 20 }: PackPlan): LivingPack {
  const cell = (_: unknown, i: number): LivingCell => ({
    chargeAh: (capacityAh * (socPct + 0.15 * oddity(name, i))) / 100,
    capacityAh: capacityAh * (1.003 + 0.003 * oddity(name, i + 100)),
    resistanceOhm: (0.08 / capacityAh) * (1 + 0.1 * oddity(name, i + 200)),
    bledAh: 0,
  });
  return {
    name,
    nominalAh: capacityAh,
    cells: Array.from({ length: cells }, cell),
    currentA: 0,
    dischargedAh: 0,
    temperatureC: ambientC,
    ambientC,
    chargeFet: true,
    dischargeFet: true,
  };
}

/** True when the FETs let this current through. */
export const passes = ({ chargeFet, dischargeFet }: LivingPack, currentA: number): boolean =>
  currentA > 0 ? chargeFet : currentA === 0 || dischargeFet;

/** What a string needs to know to share a current: volts at rest, and ohms. */
export const sourceOf = ({ cells }: LivingPack): { readonly volts: number; readonly ohms: number } => ({
  volts: cells.reduce((sum, cell) => sum + openCircuitV(cell), 0),
  ohms: cells.reduce((sum, { resistanceOhm }) => sum + resistanceOhm, 0),
});

const voltagesOf = ({ cells, currentA }: LivingPack): number[] => cells.map((cell) => cellV(cell, currentA));

/** Numbers from 1: the high cells near full, while the pack charges. */
function balancingOf(pack: LivingPack): number[] {
  const volts = voltagesOf(pack);
  const from = Math.max(BALANCE_FROM_V, Math.min(...volts) + BALANCE_SPREAD_V);
  return pack.currentA > 0 ? volts.flatMap((v, i) => (v > from ? [i + 1] : [])) : [];
}

/** The FETs after the cells moved: each opens at its trip voltage and closes again at its release voltage. */
function fetsOf(pack: LivingPack): Pick<LivingPack, 'chargeFet' | 'dischargeFet'> {
  const volts = voltagesOf(pack);
  const [low, high] = [Math.min(...volts), Math.max(...volts)];
  return {
    chargeFet: high < (pack.chargeFet ? OVER_VOLTAGE.tripV : OVER_VOLTAGE.releaseV),
    dischargeFet: low > (pack.dischargeFet ? UNDER_VOLTAGE.tripV : UNDER_VOLTAGE.releaseV),
  };
}

/** The pack after `seconds` at this current; a current that the FETs do not pass is none. Steps above 10 s are coarse. */
export function stepPack(pack: LivingPack, askedA: number, seconds: number): LivingPack {
  const currentA = passes(pack, askedA) ? askedA : 0;
  const hours = seconds / 3600;
  const balancing = balancingOf(pack);
  const goal = pack.ambientC + WARMING_C_PER_A2 * currentA ** 2;
  const moved: LivingPack = {
    ...pack,
    currentA,
    cells: pack.cells.map((cell, i) => {
      const bled = balancing.includes(i + 1) ? BLEED_A * hours : 0;
      return { ...cell, chargeAh: cell.chargeAh + currentA * hours - bled, bledAh: cell.bledAh + bled };
    }),
    dischargedAh: pack.dischargedAh + Math.max(0, -currentA) * hours,
    temperatureC: goal + (pack.temperatureC - goal) * Math.exp(-seconds / WARMING_S),
  };
  return { ...moved, ...fetsOf(moved) };
}

/** 0 when the first cell is empty, 100 when the first is full: what this pack can give, of what it can take and give. */
export function socOf({ cells }: LivingPack): number {
  const give = Math.max(0, Math.min(...cells.map(({ chargeAh }) => chargeAh)));
  const take = Math.max(0, Math.min(...cells.map(({ chargeAh, capacityAh }) => capacityAh - chargeAh)));
  return (100 * give) / (give + take);
}

const raised = (names: { readonly [N in AlarmName]?: boolean }): AlarmName[] =>
  // Object.keys forgets that these keys are alarm names.
  (Object.keys(names) as AlarmName[]).filter((name) => names[name]);

/** What the pack's BMS would report. */
export function readingOf(pack: LivingPack): BatteryReading {
  const { name, nominalAh, currentA, temperatureC, chargeFet, dischargeFet } = pack;
  const cellVoltagesV = voltagesOf(pack);
  const socPct = socOf(pack);
  return {
    name,
    voltageV: cellVoltagesV.reduce((sum, volts) => sum + volts, 0),
    currentA,
    socPct,
    remainingCapacityAh: (socPct * nominalAh) / 100,
    nominalCapacityAh: nominalAh,
    cycles: Math.floor(pack.dischargedAh / nominalAh),
    cellVoltagesV,
    temperaturesC: [temperatureC, temperatureC - 0.4],
    balancingCells: balancingOf(pack),
    chargeFet,
    dischargeFet,
    blockedBySoftware: false,
    alarms: raised({ cell_high_voltage: !chargeFet, cell_low_voltage: !dischargeFet }),
    warnings: raised({
      cell_low_voltage: Math.min(...cellVoltagesV) < UNDER_VOLTAGE.releaseV,
      low_soc: socPct < 10,
    }),
  };
}
