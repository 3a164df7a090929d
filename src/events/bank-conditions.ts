// What lasts of a bank and its batteries, read from one evaluation.
import type { BankState, PackState } from '../model/bank-state.ts';
import type { EventKind } from '../model/events.ts';
import type { Freshness } from '../model/freshness.ts';
import { alarmConditions } from './alarm-conditions.ts';
import type { Condition } from './ledger.ts';
import { withoutNumbers } from './ration.ts';

/** Seconds to a tenth. */
const ageS = (atMs: number | undefined, nowMs: number): number | undefined =>
  atMs === undefined ? undefined : Math.round((nowMs - atMs) / 100) / 10;

/** A rung that is news, and its sentence. */
type Rungs = { readonly [R in Exclude<Freshness, 'fresh'>]: readonly [kind: EventKind, words: string] };

const bankRungs: Rungs = {
  never: ['bank_incomplete', 'bank not complete: inverters are told nothing'],
  late: ['bank_late', 'bank late: limits may only fall'],
  stale: ['bank_stale', 'bank stale: inverters are told so, limits fall to zero'],
  lost: ['bank_lost', 'bank lost: inverters are told what their profile says'],
};

const batteryRungs: Rungs = {
  never: ['battery_awaited', 'not heard yet'],
  late: ['battery_late', 'late'],
  stale: ['battery_stale', 'stale'],
  lost: ['battery_lost', 'lost'],
};

function ofBank({ freshness, sampleAtMs, evaluatedAtMs }: BankState): Condition[] {
  if (freshness === 'fresh') return [];
  const [kind, text] = bankRungs[freshness];
  return [{ kind, text, details: { ageS: ageS(sampleAtMs, evaluatedAtMs) } }];
}

function rungOf({ id, freshness, sampleAtMs }: PackState, nowMs: number): Condition[] {
  if (freshness === 'fresh') return [];
  const [kind, words] = batteryRungs[freshness];
  const age = ageS(sampleAtMs, nowMs);
  const since = age === undefined ? '' : `: last heard ${age} s ago`;
  const text = `battery ${id} ${words}${since}`;
  return [{ kind, subject: id, line: `battery ${words}`, text, details: { ageS: age } }];
}

/** Another reason is another event; the same one with other numbers is not. */
function faultOf({ id, fault }: PackState): Condition[] {
  if (fault === undefined) return [];
  const text = `battery ${id} does not count: ${fault}`;
  return [
    {
      kind: 'battery_fault',
      subject: id,
      about: withoutNumbers(fault),
      line: 'battery does not count',
      text,
      details: { why: fault },
    },
  ];
}

/** Of two batteries that differ by a digit each has its own; the numbers in a notice do not move. */
const noticeOf = (text: string): Condition => ({ kind: 'notice', about: text, text });

/** All that lasts of this evaluation; what needs a memory, such as blocked directions, is not here. */
export const bankConditions = (state: BankState): Condition[] => [
  ...state.packs.flatMap((pack) => rungOf(pack, state.evaluatedAtMs)),
  ...ofBank(state),
  ...alarmConditions(state),
  ...state.notices.map(noticeOf),
  ...state.packs.flatMap(faultOf),
];
