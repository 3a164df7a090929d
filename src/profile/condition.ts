import { type Freshness, rungs } from '../model/freshness.ts';
import { keyOf, type SignalName, type SignalValues } from '../model/signals.ts';
import type { BitSlot } from './layout.ts';

/** What an encoder sees at one moment: the bank as it may be told, and where the talk with the inverter stands. */
export type Moment = SignalValues & { readonly phase?: string | undefined };

type Condition = (moment: Moment) => boolean;

/** The conditions of a bit, a pair or a case, as its file says them. */
export type Conditions = Pick<
  BitSlot,
  | 'flags'
  | 'off'
  | 'alarms'
  | 'warnings'
  | 'faults'
  | 'errors'
  | 'since'
  | 'until'
  | 'less'
  | 'than'
  | 'zero'
  | 'equals'
  | 'status'
  | 'phases'
>;

const worse = (rung: Freshness | undefined, than: Freshness): boolean =>
  rungs.indexOf(rung ?? 'fresh') >= rungs.indexOf(than);

/** One of the names is raised; `any` takes every one. */
const raised =
  (key: 'alarms' | 'warnings' | 'faults' | 'errors', names: readonly string[] | 'any'): Condition =>
  (values) =>
    (values[key] ?? []).some((name) => names === 'any' || names.includes(name));

const numberOf = (name: SignalName): ((moment: Moment) => number | undefined) => {
  const key = keyOf(name);
  return (moment) => {
    const value = moment[key];
    return typeof value === 'number' ? value : undefined;
  };
};

function below(less: SignalName, than: SignalName): Condition {
  const [low, high] = [numberOf(less), numberOf(than)];
  return (moment) => (low(moment) ?? Number.NaN) < (high(moment) ?? Number.NaN);
}

function allZero(names: readonly SignalName[]): Condition {
  const numbers = names.map(numberOf);
  return (moment) => numbers.every((number) => (number(moment) ?? Number.NaN) <= 0);
}

function equal({ from, value }: NonNullable<Conditions['equals']>): Condition {
  const number = numberOf(from);
  return (moment) => number(moment) === value;
}

const flagsAre = (names: readonly SignalName[], wanted: boolean): Condition[] =>
  names.map(keyOf).map((key) => (moment) => moment[key] === wanted);

/** Each condition compiled once; something is raised when any of them holds. */
export function conditionsOf(c: Conditions): Condition[] {
  const { alarms, warnings, faults, errors, since, until, less, than, zero, equals, status, phases } = c;
  return [
    ...flagsAre(c.flags ?? [], true),
    ...flagsAre(c.off ?? [], false),
    ...(alarms ? [raised('alarms', alarms)] : []),
    ...(warnings ? [raised('warnings', warnings)] : []),
    ...(faults ? [raised('faults', faults)] : []),
    ...(errors ? [raised('errors', errors)] : []),
    ...(since ? [(moment: Moment) => worse(moment.freshness, since)] : []),
    ...(until ? [(moment: Moment) => !worse(moment.freshness, until)] : []),
    ...(less && than ? [below(less, than)] : []),
    ...(zero ? [allZero(zero)] : []),
    ...(equals ? [equal(equals)] : []),
    ...(status ? [(moment: Moment) => moment.status !== undefined && status.includes(moment.status)] : []),
    ...(phases ? [(moment: Moment) => moment.phase !== undefined && phases.includes(moment.phase)] : []),
  ];
}

/** Whether any of them holds; the other way round when `inverted`. */
export function raisedBy(c: Conditions & { readonly inverted?: true | undefined }): Condition {
  const conditions = conditionsOf(c);
  const inverted = c.inverted === true;
  return (moment) => conditions.some((holds) => holds(moment)) !== inverted;
}

/** The value of the first case that holds. */
export function caseOf<V>(
  cases: readonly (Conditions & { readonly value: V })[],
): (moment: Moment) => V | undefined {
  const compiled = cases.map((c) => ({ value: c.value, holds: raisedBy(c) }));
  return (moment) => compiled.find(({ holds }) => holds(moment))?.value;
}

const listed = (what: string, names: readonly string[] | 'any' | undefined): string[] =>
  names === undefined ? [] : [names === 'any' ? `any ${what}` : `${what} ${names.join(', ')}`];

/** The same conditions as a person reads them: `alarm high_voltage, cell_high_voltage or from stale on`. */
export function conditionText(c: Conditions & { readonly inverted?: true | undefined }): string {
  const text = [
    ...(c.flags ?? []),
    ...(c.off ?? []).map((name) => `no ${name}`),
    ...listed('alarm', c.alarms),
    ...listed('warning', c.warnings),
    ...listed('fault', c.faults),
    ...listed('error', c.errors),
    ...(c.since ? [`from ${c.since} on`] : []),
    ...(c.until ? [`until ${c.until}`] : []),
    ...(c.less && c.than ? [`${c.less} below ${c.than}`] : []),
    ...(c.zero ? [`${c.zero.join(' and ')} at 0`] : []),
    ...(c.equals ? [`${c.equals.from} is ${c.equals.value}`] : []),
    ...listed('status', c.status),
    ...listed('phase', c.phases),
  ].join(' or ');
  return c.inverted ? `not (${text})` : text;
}
