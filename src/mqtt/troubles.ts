// What is wrong now, a few words each, from the newest state: it is right also where the office has just begun.
import type { BankState, PackState } from '../model/bank-state.ts';
import { isStale } from '../model/freshness.ts';

const words = (name: string): string => name.replaceAll('_', ' ');

/** Why a person should look at the bank; none while all is well, or before anything was heard. */
export const bankTroubles = ({ freshness, signals, packs }: BankState): readonly string[] => [
  ...(isStale(freshness) ? [`data ${freshness}`] : []),
  ...(signals.alarms ?? []).map(words),
  ...packs.flatMap((pack) => packTroubles(pack).map((text) => `${pack.id}: ${text}`)),
];

export const packTroubles = ({ freshness, fault, reading }: PackState): readonly string[] => [
  ...(fault === undefined ? [] : [fault]),
  ...(isStale(freshness) ? [`data ${freshness}`] : (reading?.alarms ?? []).map(words)),
];
