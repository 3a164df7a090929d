import type { AlarmName } from '../model/alarms.ts';
import type { Reason } from '../model/bank-state.ts';
import type { BankConfig } from './config.ts';
import { along, type Curve, taper } from './curve.ts';
import { fullCapacityAh } from './pack.ts';
import type { ReadPack } from './strings.ts';

export type Direction = 'charge' | 'discharge';

/** Every rule that narrows one pack in one direction, the narrowest first. Values in A, never negative. */
export type PackLimit = readonly [Reason, ...Reason[]];

const BMS_TRIP_SHARE = 0.9;
const GUESS_C_RATE = 0.5;
const OVP_MARGIN_V = 0.02;
const UVP_MARGIN_V = 0.05;

/** Protections that forbid a direction whatever the curves say (bank reference, section 3, "Hard zeros"). */
const forbidding: { readonly [D in Direction]: readonly AlarmName[] } = {
  charge: [
    'cell_high_voltage',
    'high_voltage',
    'high_temperature_charge',
    'low_temperature_charge',
    'high_charge_current',
    'short_circuit',
    'internal',
  ],
  discharge: [
    'cell_low_voltage',
    'low_voltage',
    'high_temperature',
    'low_temperature',
    'high_discharge_current',
    'short_circuit',
    'internal',
  ],
};

interface Side {
  readonly configuredA: (pack: ReadPack) => number | undefined;
  readonly tripA: (pack: ReadPack) => number | undefined;
  readonly envelopeA: (config: BankConfig) => number;
  readonly fetOpen: (pack: ReadPack) => boolean;
}

const sides: { readonly [D in Direction]: Side } = {
  charge: {
    configuredA: (p) => p.config.chargeCurrentA,
    tripA: (p) => p.reading.chargeOverCurrentA,
    envelopeA: (c) => c.envelope.chargeCurrentA,
    fetOpen: (p) => p.reading.chargeFet === false,
  },
  discharge: {
    configuredA: (p) => p.config.dischargeCurrentA,
    tripA: (p) => p.reading.dischargeOverCurrentA,
    envelopeA: (c) => c.envelope.dischargeCurrentA,
    fetOpen: (p) => p.reading.dischargeFet === false,
  },
};

/** Where the highest or lowest cell is, cell number from 1. */
function extremeCell(cellsV: readonly number[], direction: Direction): { cell: number; measured: number } {
  const measured = direction === 'charge' ? Math.max(...cellsV) : Math.min(...cellsV);
  return { cell: cellsV.indexOf(measured) + 1, measured };
}

/** What the pack may carry before any derating, and the rule that says so (design section 6). */
function base(pack: ReadPack, config: BankConfig, share: number, direction: Direction): Reason {
  const side = sides[direction];
  const configured = side.configuredA(pack);
  if (configured !== undefined) return { rule: 'pack limit', value: configured };
  const trip = side.tripA(pack);
  if (trip !== undefined) return { rule: 'BMS over-current threshold', value: trip * BMS_TRIP_SHARE };
  const capacityAh = fullCapacityAh(pack.config, pack.reading);
  const guessA = Math.min(
    side.envelopeA(config) * share,
    capacityAh === undefined ? Number.POSITIVE_INFINITY : capacityAh * GUESS_C_RATE,
  );
  return { rule: 'a guess', value: guessA };
}

const EMPTY_MARGIN_V = 0.2;

/** What a direction's extreme cell leaves of the base, 0 to 1, by the curve or the smooth taper (section 3 and case H). */
export function cellFactor(
  { chemistry, taper: form }: Pick<BankConfig, 'chemistry' | 'taper'>,
  cellV: number,
  direction: Direction,
): number {
  const { overVoltageV, underVoltageV, bulkV, floatV, nearEmptyV } = chemistry;
  if (direction === 'charge')
    return form === 'smooth'
      ? taper(cellV, floatV, (overVoltageV + bulkV) / 2)
      : along(chemistry.chargeByHighestCellV, cellV);
  return form === 'smooth'
    ? taper(cellV, nearEmptyV, underVoltageV + EMPTY_MARGIN_V)
    : along(chemistry.dischargeByLowestCellV, cellV);
}

function curveReasons(pack: ReadPack, config: BankConfig, baseA: number, direction: Direction): Reason[] {
  const { chemistry } = config;
  const charge = direction === 'charge';
  const cell = extremeCell(pack.reading.cellVoltagesV, direction);
  const temperature = charge ? chemistry.chargeByTemperatureC : chemistry.dischargeByTemperatureC;
  const factor = (rule: string, curve: Curve, measured: number, more = {}): Reason => ({
    rule,
    value: baseA * along(curve, measured),
    measured,
    ...more,
  });
  const mosfet = pack.reading.mosfetTemperatureC;
  const soc = charge ? chemistry.chargeBySocPct : chemistry.dischargeBySocPct;
  return [
    {
      rule: charge ? 'highest cell' : 'lowest cell',
      value: baseA * cellFactor(config, cell.measured, direction),
      ...cell,
    },
    ...pack.smoothC.map((c) => factor('temperature', temperature, c)),
    ...(mosfet === undefined ? [] : [factor('MOSFET temperature', chemistry.byMosfetTemperatureC, mosfet)]),
    ...(config.limitBySoc ? [factor('SoC', soc, pack.reading.socPct)] : []),
  ];
}

/** The cell voltage at which a direction ends: the envelope or the BMS's trip point with its margin, whichever is first. */
export const cellEndV = ({ chemistry, envelope }: BankConfig, direction: Direction): number =>
  direction === 'charge'
    ? Math.min(envelope.cellMaxV, chemistry.overVoltageV - OVP_MARGIN_V)
    : Math.max(envelope.cellMinV, chemistry.underVoltageV + UVP_MARGIN_V);

/** How far a cell must move back from the point at which its curve or its end made a zero (bank reference, section 3.1). */
const RELEASE_V = 0.03;

/** True when no cell of the pack is still near the point where its direction ends. */
export function isReleased(pack: ReadPack, config: BankConfig, direction: Direction): boolean {
  const { chemistry } = config;
  const { measured } = extremeCell(pack.reading.cellVoltagesV, direction);
  const endV = cellEndV(config, direction);
  return direction === 'charge'
    ? measured <= Math.min(endV, chemistry.chargeByHighestCellV.at(-1)?.[0] ?? endV) - RELEASE_V
    : measured >= Math.max(endV, chemistry.dischargeByLowestCellV[0]?.[0] ?? endV) + RELEASE_V;
}

function hardZeros(pack: ReadPack, config: BankConfig, direction: Direction): Reason[] {
  const zero = (rule: string, more = {}): Reason => ({ rule, value: 0, ...more });
  const cell = extremeCell(pack.reading.cellVoltagesV, direction);
  const endV = cellEndV(config, direction);
  const beyond = direction === 'charge' ? cell.measured >= endV : cell.measured <= endV;
  const lowest = extremeCell(pack.reading.cellVoltagesV, 'discharge');
  const isBlind = direction === 'charge' && lowest.measured < config.chemistry.blindBelowV;
  return [
    ...(sides[direction].fetOpen(pack) ? [zero(`${direction} FET open`)] : []),
    ...(pack.reading.alarms ?? [])
      .filter((alarm) => forbidding[direction].includes(alarm))
      .map((alarm) => zero(`protection ${alarm}`)),
    ...(beyond
      ? [zero(direction === 'charge' ? 'cell at its upper end' : 'cell at its lower end', cell)]
      : []),
    ...(isBlind ? [zero('cell without a believable voltage', lowest)] : []),
  ];
}

/** Limit of one pack with every rule that narrows it; `share` is its string's part of the bank's charge, 0 to 1. */
export function packLimit(
  pack: ReadPack,
  config: BankConfig,
  share: number,
  direction: Direction,
): PackLimit {
  const start = base(pack, config, share, direction);
  const narrower = [
    ...hardZeros(pack, config, direction),
    ...curveReasons(pack, config, start.value, direction),
  ];
  const named = (reason: Reason): Reason => ({ ...reason, pack: pack.config.id });
  const [first = start, ...rest] = [...narrower.filter((r) => r.value < start.value), start].toSorted(
    (a, b) => a.value - b.value,
  );
  return [named(first), ...rest.map(named)];
}
