// What an inverter measures itself, held against the bank and what it was told.

/** Sensors of inverters are coarse: a tenth, at least this. */
const TOLERANCE_A = 2;
const TOLERANCE_SHARE = 0.1;

export interface Against {
  readonly sensedA: number;
  readonly bankA?: number;
  readonly chargeLimitA?: number;
  readonly dischargeLimitA?: number;
}

export interface Comparison {
  /** Sensed less the bank's own; A. */
  readonly differenceA?: number;
  readonly isUnlikeBank: boolean;
  /** It takes or gives more than it was told. */
  readonly exceeds?: 'charge' | 'discharge';
}

const slack = (of: number): number => Math.max(TOLERANCE_A, Math.abs(of) * TOLERANCE_SHARE);

/** Currents positive while charging, limits positive. */
export function compareSensed({ sensedA, bankA, chargeLimitA, dischargeLimitA }: Against): Comparison {
  const differenceA = bankA === undefined ? undefined : sensedA - bankA;
  const isOver = (limit: number | undefined, amps: number) =>
    limit !== undefined && amps > limit + slack(limit);
  return {
    ...(differenceA !== undefined && { differenceA }),
    isUnlikeBank: differenceA !== undefined && Math.abs(differenceA) > slack(bankA ?? 0),
    ...(isOver(chargeLimitA, sensedA) && { exceeds: 'charge' as const }),
    ...(isOver(dischargeLimitA, -sensedA) && { exceeds: 'discharge' as const }),
  };
}
