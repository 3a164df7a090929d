// What a first start proposes that packs and their bank may bear: never more than the packs themselves, and never more than half
// their capacity an hour.
import { type KnownPack, known, type Strings, sum } from './proposed.ts';

/** Cell voltages of a chemistry: full and empty as it is used, over and under where it is damaged. */
export interface CellEnds {
  readonly fullV: number;
  readonly emptyV: number;
  readonly overV: number;
  readonly underV: number;
}

export interface ProposedEnvelope {
  /** Absent where neither a capacity nor a trip point is known: nothing is guessed. */
  readonly chargeCurrentA?: number;
  readonly dischargeCurrentA?: number;
  readonly cellMaxV: number;
  readonly cellMinV: number;
}

const MOST_C = 0.5;
/** As the bank itself takes the trip points of a BMS. */
const OF_TRIP = 0.9;
/** How far from daily use towards damage a cell may go. */
const OF_WAY = 0.75;

/** How a pack tells of one direction: its trip point, and what a person said. */
const directions = {
  charge: (p: KnownPack) => [p.chargeOverCurrentA, p.chargeCurrentA],
  discharge: (p: KnownPack) => [p.dischargeOverCurrentA, p.dischargeCurrentA],
} as const;
type Direction = keyof typeof directions;

/** What a pack may carry; undefined without a capacity: a trip point alone may be far above what the cells bear. */
function packCurrentA(pack: KnownPack, direction: Direction): number | undefined {
  const [trip, own] = directions[direction](pack);
  if (pack.capacityAh === undefined) return own;
  const bounds = [pack.capacityAh * MOST_C, trip === undefined ? undefined : trip * OF_TRIP, own];
  return Math.min(...bounds.filter((bound) => bound !== undefined));
}

const wholeA = (amperes: number): number => Math.max(1, Math.floor(amperes));

/** What one pack may carry, for a person to hold against its label: half its capacity an hour, or less where it would trip sooner. */
export function proposedPackCurrents(pack: KnownPack): { chargeA?: number; dischargeA?: number } {
  const [chargeA, dischargeA] = [packCurrentA(pack, 'charge'), packCurrentA(pack, 'discharge')];
  return {
    ...(chargeA !== undefined && { chargeA: wholeA(chargeA) }),
    ...(dischargeA !== undefined && { dischargeA: wholeA(dischargeA) }),
  };
}

/** The weakest of a string, A. */
const stringCurrentA = (packs: readonly KnownPack[], direction: Direction): number | undefined =>
  known(
    packs,
    (pack) => packCurrentA(pack, direction),
    (all) => Math.min(...all),
  );

const hundredths = (value: number): number => Math.round(value * 100) / 100;

/** The envelope that a bank of these strings may begin with: half its capacity an hour, or less where a BMS would trip sooner. Whole amperes, rounded down. */
export function proposedEnvelope(
  strings: Strings,
  packs: readonly KnownPack[],
  { fullV, emptyV, overV, underV }: CellEnds,
): ProposedEnvelope {
  const byId = new Map(packs.map((pack) => [pack.id, pack]));
  const total = (direction: Direction) =>
    known(
      strings.map((string) => string.flatMap((id) => byId.get(id) ?? [])),
      (string) => stringCurrentA(string, direction),
      (all) => wholeA(sum(all)),
    );
  const [chargeCurrentA, dischargeCurrentA] = [total('charge'), total('discharge')];
  return {
    ...(chargeCurrentA !== undefined && { chargeCurrentA }),
    ...(dischargeCurrentA !== undefined && { dischargeCurrentA }),
    cellMaxV: hundredths(fullV + OF_WAY * (overV - fullV)),
    cellMinV: hundredths(emptyV - (1 - OF_WAY) * (emptyV - underV)),
  };
}
