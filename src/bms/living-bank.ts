import { type LivingPack, passes, sourceOf, stepPack } from './living-pack.ts';

/** Simulated strings in parallel behind one pair of terminals; the inner list is in series. */
export type LivingBank = readonly (readonly LivingPack[])[];

/** Wires and FETs of one string. */
const WIRING_OHM = 0.002;
/** Above this step the sharing of the current between unlike strings would swing. */
export const MAX_STEP_S = 2;

interface Source {
  readonly volts: number;
  readonly ohms: number;
  /** True when every pack of the string lets this current through. */
  readonly lets: (currentA: number) => boolean;
}

const sourceOfString = (packs: readonly LivingPack[]): Source => {
  const sources = packs.map(sourceOf);
  return {
    volts: sources.reduce((sum, { volts }) => sum + volts, 0),
    ohms: sources.reduce((sum, { ohms }) => sum + ohms, WIRING_OHM),
    lets: (currentA) => packs.every((pack) => passes(pack, currentA)),
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const busV = (sources: readonly Source[], totalA: number): number =>
  (totalA + sum(sources.map(({ volts, ohms }) => volts / ohms))) / sum(sources.map(({ ohms }) => 1 / ohms));

/**
 * What each string carries of a total current, by its voltage and resistance, so that all meet at one bus voltage. A string
 * whose FETs are in the way carries nothing and the others carry its share; when none is left, nobody carries anything.
 */
export function shareCurrent(bank: LivingBank, totalA: number): number[] {
  const sources = bank.map(sourceOfString);
  const share = (carrying: readonly Source[]): ReadonlyMap<Source, number> => {
    const volts = busV(carrying, totalA);
    const shares = new Map(carrying.map((source) => [source, (volts - source.volts) / source.ohms]));
    const able = carrying.filter((source) => source.lets(shares.get(source) ?? 0));
    return able.length === carrying.length ? shares : share(able);
  };
  const shares = share(sources);
  return sources.map((source) => shares.get(source) ?? 0);
}

/** What the bank carries now, positive while charging. */
export const bankCurrentA = (bank: LivingBank): number => sum(bank.map(([pack]) => pack?.currentA ?? 0));

function step(bank: LivingBank, totalA: number, seconds: number): LivingBank {
  const shares = shareCurrent(bank, totalA);
  return bank.map((packs, i) => packs.map((pack) => stepPack(pack, shares[i] ?? 0, seconds)));
}

/** The bank after `seconds`, in steps short enough to be true; the current is asked anew for each. */
export function stepBank(
  bank: LivingBank,
  currentA: number | ((bank: LivingBank) => number),
  seconds: number,
): LivingBank {
  const steps = Math.ceil(seconds / MAX_STEP_S);
  let now = bank;
  for (let i = 0; i < steps; i++)
    now = step(now, typeof currentA === 'number' ? currentA : currentA(now), seconds / steps);
  return now;
}

/** What the inverter was told; the names are those of the bank's signals. What it was not told does not bind it. */
export interface Allowed {
  readonly chargeVoltageLimitV?: number;
  readonly dischargeVoltageLimitV?: number;
  readonly chargeCurrentLimitA?: number;
  readonly dischargeCurrentLimitA?: number;
}

/** The current that would bring the bus to this voltage, over the strings that let it through. */
function currentAt(bank: LivingBank, volts: number): number {
  const currents = bank
    .map(sourceOfString)
    .map((source) => ({ source, amps: (volts - source.volts) / source.ohms }));
  return sum(currents.filter(({ source, amps }) => source.lets(amps)).map(({ amps }) => amps));
}

/** What an obedient inverter does when the house wants this current: it stays inside the limits of current and voltage. */
export function obey(bank: LivingBank, wantedA: number, allowed: Allowed): number {
  const { chargeVoltageLimitV: high, dischargeVoltageLimitV: low } = allowed;
  const most = Math.min(
    allowed.chargeCurrentLimitA ?? Infinity,
    high === undefined ? Infinity : currentAt(bank, high),
  );
  const least = Math.min(
    allowed.dischargeCurrentLimitA ?? Infinity,
    low === undefined ? Infinity : -currentAt(bank, low),
  );
  return wantedA > 0 ? Math.min(wantedA, Math.max(0, most)) : -Math.min(-wantedA, Math.max(0, least));
}
