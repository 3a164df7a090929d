import type { BankConfig } from './config.ts';
import { cellsOf } from './cvl.ts';
import type { StringValues } from './strings.ts';

/** What is remembered of each string by its first pack's id: it came back at another voltage; it runs against the others. */
export interface Neighbours {
  readonly rejoining: { readonly [string: string]: true };
  readonly opposedSinceMs: { readonly [string: string]: number };
}

export const noNeighbours: Neighbours = { rejoining: {}, opposedSinceMs: {} };

const SPREAD_V = 1;
const SPREAD_SHARE = 0.02;
const OPPOSED_A = 1;
const OPPOSED_MS = 600_000;

export const nameOf = (string: StringValues): string => string.packs[0]?.config.id ?? '';

/** 1 V in the 48 V class, 2 % otherwise (bank reference, section 2.2). */
export function spreadLimitV(string: StringValues, { chemistry }: BankConfig): number {
  const nominalV = cellsOf(string) * chemistry.rebulkV;
  return nominalV >= 40 && nominalV <= 60 ? SPREAD_V : nominalV * SPREAD_SHARE;
}

/** How far a string's voltage is from the others', V; 0 when it is alone. */
export function apartV(string: StringValues, all: readonly StringValues[]): number {
  const othersV = all.reduce((sum, s) => (s === string ? sum : sum + s.voltageV), 0);
  return all.length > 1 ? Math.abs(string.voltageV - othersV / (all.length - 1)) : 0;
}

const conducts = (s: StringValues): boolean => s.conductsCharge && s.conductsDischarge;

/** Strings that conduct and yet stand further apart than one bus allows. */
export const spreadStrings = (strings: readonly StringValues[], config: BankConfig): StringValues[] => {
  const joined = strings.filter(conducts);
  return joined.filter((s) => apartV(s, joined) > spreadLimitV(s, config));
};

/** A string that comes in anew far from the others is held as rejoining until it is half as far. */
function stepRejoining(
  was: Neighbours['rejoining'],
  strings: readonly StringValues[],
  absentBefore: ReadonlySet<string>,
  config: BankConfig,
): Neighbours['rejoining'] {
  return Object.fromEntries(
    strings.flatMap((s) => {
      const name = nameOf(s);
      const limitV = spreadLimitV(s, config);
      const far = apartV(s, strings) > (was[name] ? limitV / 2 : limitV);
      return far && (was[name] || absentBefore.has(name)) ? [[name, true as const]] : [];
    }),
  );
}

/** Since when each string's current runs against the sum of the others, both above 1 A. */
function stepOpposed(was: Neighbours['opposedSinceMs'], strings: readonly StringValues[], nowMs: number) {
  const totalA = strings.reduce((sum, s) => sum + s.currentA, 0);
  return Object.fromEntries(
    strings.flatMap((s) => {
      const othersA = totalA - s.currentA;
      const opposed =
        Math.abs(s.currentA) > OPPOSED_A && Math.abs(othersA) > OPPOSED_A && s.currentA * othersA < 0;
      return opposed ? [[nameOf(s), was[nameOf(s)] ?? nowMs]] : [];
    }),
  );
}

export const stepNeighbours = (
  was: Neighbours,
  strings: readonly StringValues[],
  absentBefore: ReadonlySet<string>,
  config: BankConfig,
  nowMs: number,
): Neighbours => ({
  rejoining: stepRejoining(was.rejoining, strings, absentBefore, config),
  opposedSinceMs: stepOpposed(was.opposedSinceMs, strings, nowMs),
});

/** Strings whose sign has been against the others' for ten minutes: one of them has its shunt the wrong way round. */
export const suspectSigns = ({ opposedSinceMs }: Neighbours, nowMs: number): string[] =>
  Object.entries(opposedSinceMs).flatMap(([name, sinceMs]) => (nowMs - sinceMs >= OPPOSED_MS ? [name] : []));
