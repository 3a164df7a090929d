import { alarmNames, errorNames, faultNames } from '../model/alarms.ts';
import type { DocumentProblem } from '../model/errors.ts';
import { isStale } from '../model/freshness.ts';
import { keyOf, type SignalValues, signalNames, signals } from '../model/signals.ts';
import { readDocument, z } from './document.ts';
import { didYouMean } from './nearest.ts';

/** One name out of a list; a name that is not in it is answered with the nearest. */
export const oneOf = <const N extends string>(what: string, names: readonly N[]) =>
  z.enum(names, {
    error: ({ input }) =>
      `unknown ${what} \`${String(input).slice(0, 80)}\`${didYouMean(String(input), names) || `; known: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`}`,
  });

const forms = {
  number: z.number(),
  numbers: z.array(z.number()),
  flag: z.boolean(),
  text: z.string(),
  alarms: z.array(oneOf('alarm', alarmNames)),
  faults: z.array(oneOf('fault', faultNames)),
  errors: z.array(oneOf('error', errorNames)),
  freshness: oneOf('freshness', ['fresh', 'late', 'stale', 'lost']),
  status: oneOf('status', ['sleep', 'charge', 'discharge', 'idle']),
} as const;

/** A bank's state under the catalogue's names, every one of them optional. */
export const stateSchema = z
  .strictObject(Object.fromEntries(signalNames.map((name) => [name, forms[signals[name].kind].optional()])))
  .transform(
    (state) =>
      // The schema was made from the catalogue, name by name: what passed it has the catalogue's types.
      Object.fromEntries(
        signalNames.flatMap((name) => (state[name] === undefined ? [] : [[keyOf(name), state[name]]])),
      ) as SignalValues,
  );

const quiet = {
  chargeCurrentLimitA: 0,
  dischargeCurrentLimitA: 0,
  chargeEnable: false,
  dischargeEnable: false,
  forceCharge1: false,
  forceCharge2: false,
  fullChargeRequest: false,
  balanceRequest: false,
} as const satisfies SignalValues;

/**
 * What a written-down state stands for (CAN reference, section 15): enables and online true and no alarms unless it says otherwise,
 * charging told from the sign of the current; a stale or lost one shows the end of the ramp (design, section 8).
 */
export function writtenState(given: SignalValues): SignalValues {
  const rung = given.freshness ?? 'fresh';
  const { currentA } = given;
  return {
    chargeEnable: true,
    dischargeEnable: true,
    alarms: [],
    warnings: [],
    faults: [],
    online: true,
    ...(currentA !== undefined && { charging: currentA > 0, discharging: currentA < 0 }),
    ...given,
    freshness: rung,
    ...(isStale(rung) && quiet),
  };
}

/** The first place where a text stops being JSON, as V8 tells it. */
function jsonProblem(file: string, error: unknown): DocumentProblem {
  const said = String(error instanceof Error ? error.message : error);
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(said) ?? [];
  const fault = said.replace(/ in JSON at position.*$/, '');
  return {
    file,
    line: Number(line ?? 1),
    column: Number(column ?? 1),
    message: `this is not JSON: ${fault.charAt(0).toLowerCase()}${fault.slice(1)}; write it as {"soc_pct": 76, …}, numbers without quotes`,
  };
}

/** Reads a `--state` file: JSON with names of the catalogue. */
export function readState(
  file: string,
  text: string,
): { signals: SignalValues } | { problems: readonly DocumentProblem[] } {
  try {
    JSON.parse(text);
  } catch (error) {
    return { problems: [jsonProblem(file, error)] };
  }
  const result = readDocument(file, text, stateSchema);
  return 'problems' in result ? result : { signals: writtenState(result.value) };
}
