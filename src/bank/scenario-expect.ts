import { alarmNames, faultNames } from '../model/alarms.ts';
import type { BankState, LimitName, PackState } from '../model/bank-state.ts';
import { rungs } from '../model/freshness.ts';
import { reasonText } from '../model/reason-text.ts';
import { isSignalName, keyOf } from '../model/signals.ts';
import type { Evaluation } from './memory.ts';

/** What must hold at a moment of a scenario, and where it is written. */
export interface Expectation {
  readonly atMs: number;
  /** A short name (`ccl`), a signal of the catalogue, or one of a pack (`b.rung`). */
  readonly name: string;
  readonly sign: Sign;
  /** As written: a number, a word, `on`, `off`, or `none` for what must be absent. */
  readonly wanted: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export const signs = ['<=', '>=', '!=', '=', '<', '>'] as const;
export type Sign = (typeof signs)[number];

/** Signs that ask for a number on both sides. */
export const isOrder = (sign: Sign): boolean => sign !== '=' && sign !== '!=';

/** What is found: a value, several names of which one is enough, or sentences that a few words are looked for in. */
type Found =
  | number
  | string
  | boolean
  | undefined
  | { readonly names: readonly string[] }
  | { readonly sentences: readonly string[] };

const limitNames: readonly LimitName[] = [
  'chargeVoltage',
  'dischargeVoltage',
  'chargeCurrent',
  'dischargeCurrent',
];

/** What decided a limit, as a sentence. */
const because =
  (...limits: readonly LimitName[]) =>
  ({ reasons }: BankState): Found => ({
    sentences: limits.flatMap((limit) => reasons[limit].slice(0, 1).map(reasonText)),
  });

export const stageOf = ({ stage }: Evaluation): string | undefined => stage;

/** The short names, as people say them at the battery. */
const ofBank: Readonly<Record<string, (state: Evaluation) => Found>> = {
  rung: (s) => s.freshness,
  stage: stageOf,
  soc: (s) => s.signals.socPct,
  told: (s) => s.signals.socToldPct,
  v: (s) => s.signals.voltageV,
  i: (s) => s.signals.currentA,
  cvl: (s) => s.signals.chargeVoltageLimitV,
  dvl: (s) => s.signals.dischargeVoltageLimitV,
  ccl: (s) => s.signals.chargeCurrentLimitA,
  dcl: (s) => s.signals.dischargeCurrentLimitA,
  alarm: (s) => ({ names: s.signals.alarms ?? [] }),
  warning: (s) => ({ names: s.signals.warnings ?? [] }),
  fault: (s) => ({ names: s.signals.faults ?? [] }),
  notice: (s) => ({ sentences: s.notices }),
  reason: because(...limitNames),
  ccl_reason: because('chargeCurrent'),
  dcl_reason: because('dischargeCurrent'),
  cvl_reason: because('chargeVoltage'),
};

const ofPack: Readonly<Record<string, (pack: PackState) => Found>> = {
  rung: (p) => p.freshness,
  ccl: (p) => p.chargeCurrentLimitA,
  dcl: (p) => p.dischargeCurrentLimitA,
  fault: (p) => ({ sentences: p.fault === undefined ? [] : [p.fault] }),
};

/** The names that may stand in front of a sign, beside those of the catalogue. */
export const expectable = (packs: readonly string[]): string[] => [
  ...Object.keys(ofBank),
  ...packs.flatMap((id) => Object.keys(ofPack).map((name) => `${id}.${name}`)),
];

const closed: Readonly<Record<string, readonly string[]>> = {
  rung: rungs,
  alarm: [...alarmNames, 'none'],
  warning: [...alarmNames, 'none'],
  fault: [...faultNames, 'none'],
};

/** All that can be expected of a name, where that is a short list: a slip of the pen would hold for ever behind `!=`. */
export const valuesOf = (name: string): readonly string[] | undefined =>
  closed[name.endsWith('.rung') ? 'rung' : name];

function find(name: string, state: Evaluation): Found {
  const [id, ofIt] = name.split('.');
  const pack = ofIt === undefined ? undefined : state.packs.find((p) => p.id === id);
  if (pack) return ofPack[ofIt ?? '']?.(pack);
  if (Object.hasOwn(ofBank, name)) return ofBank[name]?.(state);
  const value = isSignalName(name) ? state.signals[keyOf(name)] : undefined;
  // The lists of the catalogue are lists of names.
  return typeof value === 'object' ? { names: value as readonly string[] } : value;
}

/** Equal to the digits that were written: 38 is 37.5 to 38.5, 52.80 is 52.795 to 52.805. */
const equals = (found: number, wanted: string): boolean =>
  Math.abs(found - Number(wanted)) <= 0.5 * 10 ** -(wanted.split('.')[1]?.length ?? 0) + DUST;

/** What is left of a sum of decimals. */
const DUST = 1e-9;

const compare: { readonly [S in Sign]: (found: number, wanted: string) => boolean } = {
  '=': equals,
  '!=': (found, wanted) => !equals(found, wanted),
  '<': (found, wanted) => found < Number(wanted) - DUST,
  '>': (found, wanted) => found > Number(wanted) + DUST,
  '<=': (found, wanted) => found <= Number(wanted) + DUST,
  '>=': (found, wanted) => found >= Number(wanted) - DUST,
};

const plain = (text: string): string => text.toLowerCase().replaceAll('_', ' ');

const wordOf = (found: string | boolean): string =>
  typeof found === 'boolean' ? (found ? 'on' : 'off') : found;

function holds(found: Found, sign: Sign, wanted: string): boolean {
  if (typeof found === 'number' && wanted === 'none') return sign === '!=';
  if (typeof found === 'number') return !Number.isNaN(Number(wanted)) && compare[sign](found, wanted);
  if (isOrder(sign)) return false;
  return (sign === '=') === says(found, wanted);
}

function says(found: Exclude<Found, number>, wanted: string): boolean {
  if (found === undefined) return wanted === 'none';
  if (typeof found !== 'object') return wordOf(found) === wanted;
  const list = 'names' in found ? found.names : found.sentences;
  if (wanted === 'none') return list.length === 0;
  return 'names' in found
    ? list.includes(wanted)
    : list.some((sentence) => plain(sentence).includes(plain(wanted)));
}

function shown(found: Found): string {
  if (found === undefined) return 'none';
  if (typeof found === 'number') return String(Number(found.toFixed(3)));
  if (typeof found !== 'object') return wordOf(found);
  const list = 'names' in found ? found.names : found.sentences;
  return list.length ? list.map((text) => `\`${text}\``).join(', ') : 'none';
}

/** The expectations of this moment that do not hold, each with what was found instead. */
export function unmet(
  expectations: readonly Expectation[],
  state: Evaluation,
): { expectation: Expectation; found: string }[] {
  return expectations
    .filter((e) => e.atMs === state.evaluatedAtMs)
    .map((expectation) => ({ expectation, found: find(expectation.name, state) }))
    .filter(({ expectation: { sign, wanted }, found }) => !holds(found, sign, wanted))
    .map(({ expectation, found }) => ({ expectation, found: shown(found) }));
}
