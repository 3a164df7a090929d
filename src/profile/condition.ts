import { type Freshness, rungs } from '../model/freshness.ts';
import { keyOf, type SignalName, type SignalValues } from '../model/signals.ts';
import type { BitSlot } from './layout.ts';

type Condition = (values: SignalValues) => boolean;

const worse = (rung: Freshness | undefined, than: Freshness): boolean =>
  rungs.indexOf(rung ?? 'fresh') >= rungs.indexOf(than);

/** One of the names is raised; `any` takes every one. */
const raised =
  (key: 'alarms' | 'warnings' | 'faults' | 'errors', names: readonly string[] | 'any'): Condition =>
  (values) =>
    (values[key] ?? []).some((name) => names === 'any' || names.includes(name));

const below = (less: SignalName, than: SignalName): Condition => {
  const [a, b] = [keyOf(less), keyOf(than)];
  return (values) => {
    const [low, high] = [values[a], values[b]];
    return typeof low === 'number' && typeof high === 'number' && low < high;
  };
};

/** The conditions of a bit, each compiled once; it is raised when any of them holds. */
export function conditionsOf({
  flags,
  alarms,
  warnings,
  faults,
  errors,
  since,
  until,
  less,
  than,
}: BitSlot): Condition[] {
  const keys = (flags ?? []).map(keyOf);
  return [
    ...keys.map(
      (key): Condition =>
        (values) =>
          values[key] === true,
    ),
    ...(alarms ? [raised('alarms', alarms)] : []),
    ...(warnings ? [raised('warnings', warnings)] : []),
    ...(faults ? [raised('faults', faults)] : []),
    ...(errors ? [raised('errors', errors)] : []),
    ...(since ? [(values: SignalValues) => worse(values.freshness, since)] : []),
    ...(until ? [(values: SignalValues) => !worse(values.freshness, until)] : []),
    ...(less && than ? [below(less, than)] : []),
  ];
}

const listed = (what: string, names: readonly string[] | 'any' | undefined): string[] =>
  names === undefined ? [] : [names === 'any' ? `any ${what}` : `${what} ${names.join(', ')}`];

/** The same conditions as a person reads them: `alarm high_voltage, cell_high_voltage or from stale on`. */
export const conditionText = ({
  flags,
  alarms,
  warnings,
  faults,
  errors,
  since,
  until,
  less,
  than,
}: BitSlot): string =>
  [
    ...(flags ?? []),
    ...listed('alarm', alarms),
    ...listed('warning', warnings),
    ...listed('fault', faults),
    ...listed('error', errors),
    ...(since ? [`from ${since} on`] : []),
    ...(until ? [`until ${until}`] : []),
    ...(less && than ? [`${less} below ${than}`] : []),
  ].join(' or ');
