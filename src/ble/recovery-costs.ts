import type { Rung } from './orders.ts';

/** A battery whose last sample is not older holds a link that a dear remedy would cost. */
const ALIVE_MS = 10_000;
/** Between two of a kind at least, doubled each time that it did not help. */
const GAP_MS: { readonly [R in Rung]: number } = {
  disconnect: 0,
  forget: 0,
  'power cycle': 600_000,
  restart: 300_000,
  'stand-in': 0,
};
const LONGEST_GAP_MS = 3_600_000;

interface Unit {
  readonly battery: string;
  readonly radio: { readonly name: string; readonly hasStandIn: boolean; readonly opensItself: boolean };
  readonly sampleMs: number;
}

interface Paid {
  readonly atMs: number;
  /** In a row without help. */
  readonly times: number;
}

/** What the dear rungs cost the other batteries, and when that price may be paid: a weak unit must not take their links again and again. */
export interface Costs {
  /** Nobody else has a link to lose, or this unit was read (over a radio of the ear itself) since the last time; and that was long enough ago. */
  readonly mayPay: (rung: Rung, unit: Unit, nowMs: number) => boolean;
  readonly paid: (rung: Rung, unit: Unit, nowMs: number) => void;
  readonly helped: (rung: Rung, unit: Unit) => void;
}

export function costs(units: readonly Unit[]): Costs {
  const last = new Map<string, Paid>();
  /** A restart is one for all radios. */
  const keyOf = (rung: Rung, { radio }: Unit) => (rung === 'restart' ? rung : `${rung} of ${radio.name}`);
  const others = (rung: Rung, unit: Unit) =>
    units.filter((u) => u !== unit && (rung === 'restart' || u.radio === unit.radio));
  const isAlone = (rung: Rung, unit: Unit, nowMs: number) =>
    others(rung, unit).every(({ sampleMs }) => nowMs - sampleMs > ALIVE_MS);

  const isWorth = (rung: Rung, unit: Unit, nowMs: number, paid: Paid | undefined) =>
    isAlone(rung, unit, nowMs) ||
    (rung !== 'stand-in' &&
      !unit.radio.opensItself &&
      unit.sampleMs > (paid?.atMs ?? Number.NEGATIVE_INFINITY));
  const isDue = (rung: Rung, nowMs: number, paid: Paid | undefined) =>
    !paid || nowMs - paid.atMs >= Math.min(GAP_MS[rung] * 2 ** (paid.times - 1), LONGEST_GAP_MS);

  return {
    mayPay(rung, unit, nowMs) {
      if (rung === 'disconnect' || rung === 'forget') return true;
      if (rung === 'stand-in' && !unit.radio.hasStandIn) return false;
      const paid = last.get(keyOf(rung, unit));
      return isWorth(rung, unit, nowMs, paid) && isDue(rung, nowMs, paid);
    },
    paid(rung, unit, nowMs) {
      const times = (last.get(keyOf(rung, unit))?.times ?? 0) + 1;
      last.set(keyOf(rung, unit), { atMs: nowMs, times });
    },
    helped(rung, unit) {
      const paid = last.get(keyOf(rung, unit));
      if (paid) last.set(keyOf(rung, unit), { ...paid, times: 1 });
    },
  };
}
