import type { AlarmName } from '../model/alarms.ts';
import type { Reason } from '../model/bank-state.ts';
import type { BankConfig } from './config.ts';
import { along, type Curve, taper } from './curve.ts';
import { type CellAt, fullCapacityAh } from './pack.ts';
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

/** The cell that decides a direction: the highest in charging, the lowest in discharging. */
const decidingCell = ({ cells }: ReadPack, direction: Direction): CellAt =>
  direction === 'charge' ? cells.highest : cells.lowest;

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

/** Takes a rule with the value it leaves, A, what was measured, and of which cell; one that narrows nothing is forgotten. */
type Note = (rule: string, value: number, measured?: number, cell?: number) => void;

function noteCurves(note: Note, pack: ReadPack, config: BankConfig, baseA: number, direction: Direction) {
  const { chemistry } = config;
  const charge = direction === 'charge';
  const follow = (rule: string, curve: Curve, measured: number) =>
    note(rule, baseA * along(curve, measured), measured);
  const { measured, cell } = decidingCell(pack, direction);
  const cellA = baseA * cellFactor(config, measured, direction);
  note(charge ? 'highest cell' : 'lowest cell', cellA, measured, cell);
  const temperature = charge ? chemistry.chargeByTemperatureC : chemistry.dischargeByTemperatureC;
  for (const c of pack.smoothC) follow('temperature', temperature, c);
  const mosfetC = pack.reading.mosfetTemperatureC;
  if (mosfetC !== undefined) follow('MOSFET temperature', chemistry.byMosfetTemperatureC, mosfetC);
  const soc = charge ? chemistry.chargeBySocPct : chemistry.dischargeBySocPct;
  if (config.limitBySoc) follow('SoC', soc, pack.reading.socPct);
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
  const { measured } = decidingCell(pack, direction);
  const endV = cellEndV(config, direction);
  return direction === 'charge'
    ? measured <= Math.min(endV, chemistry.chargeByHighestCellV.at(-1)?.[0] ?? endV) - RELEASE_V
    : measured >= Math.max(endV, chemistry.dischargeByLowestCellV[0]?.[0] ?? endV) + RELEASE_V;
}

function noteHardZeros(note: Note, pack: ReadPack, config: BankConfig, direction: Direction) {
  if (sides[direction].fetOpen(pack)) note(`${direction} FET open`, 0);
  for (const alarm of pack.reading.alarms ?? [])
    if (forbidding[direction].includes(alarm)) note(`protection ${alarm}`, 0);
  const { measured, cell } = decidingCell(pack, direction);
  const endV = cellEndV(config, direction);
  const charge = direction === 'charge';
  if (charge && measured >= endV) note('cell at its upper end', 0, measured, cell);
  if (!charge && measured <= endV) note('cell at its lower end', 0, measured, cell);
  const { lowest } = pack.cells;
  if (charge && lowest.measured < config.chemistry.blindBelowV)
    note('cell without a believable voltage', 0, lowest.measured, lowest.cell);
}

/** Limit of one pack with every rule that narrows it; `share` is its string's part of the bank's charge, 0 to 1. */
export function packLimit(
  pack: ReadPack,
  config: BankConfig,
  share: number,
  direction: Direction,
): PackLimit {
  const start = { ...base(pack, config, share, direction), pack: pack.config.id };
  const found: [Reason, ...Reason[]] = [start];
  const note: Note = (rule, value, measured, cell) => {
    if (!(value < start.value)) return;
    let at = found.length;
    while (at > 0 && (found[at - 1]?.value ?? 0) > value) at--;
    const reason = { rule, value, pack: pack.config.id };
    const seen = measured === undefined ? reason : { ...reason, measured };
    found.splice(at, 0, cell === undefined ? seen : { ...seen, cell });
  };
  noteHardZeros(note, pack, config, direction);
  noteCurves(note, pack, config, start.value, direction);
  return found;
}
