import type { SignalValues } from '../model/signals.ts';
import { isSignalName, keyOf } from '../model/signals.ts';
import { didYouMean } from './nearest.ts';
import type { Option, Profile, Setting, When } from './schema.ts';

export type Settings = Readonly<Record<string, Setting>>;

/** What an option takes, for a sentence. */
export function takes(option: Option): string {
  switch (option.kind) {
    case 'choice':
      return `one of ${option.values.map((v) => `\`${v}\``).join(', ')}`;
    case 'number':
      return `a ${option.whole ? 'whole ' : ''}number from ${option.min} to ${option.max}`;
    case 'flag':
      return '`true` or `false`';
    case 'text':
      return 'a text';
  }
}

function fits(option: Option, value: Setting): boolean {
  switch (option.kind) {
    case 'choice':
      return option.values.some((v) => v === value);
    case 'number':
      return (
        typeof value === 'number' &&
        value >= option.min &&
        value <= option.max &&
        (!option.whole || Number.isInteger(value))
      );
    case 'flag':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
  }
}

const unknownOption = (name: string, names: readonly string[]): string =>
  `unknown option \`${name}\`${didYouMean(name, names) || `; this profile has ${names.slice(0, 20).join(', ') || 'none'}`}`;

/** YAML reads a bare `2` as a number; in quotes it would fit. */
const wantsQuotes = (option: Option, value: Setting): boolean =>
  typeof value !== 'string' && (option.kind === 'text' || fits(option, String(value)));

/** What is wrong with one setting; undefined when nothing is. */
export function settingProblem(
  options: Profile['options'],
  name: string,
  value: Setting,
): string | undefined {
  // A map of JavaScript has a `constructor` whatever is in it.
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) return unknownOption(name, Object.keys(options));
  if (fits(option, value)) return undefined;
  if (wantsQuotes(option, value))
    return `option \`${name}\` is the ${typeof value === 'number' ? 'number' : 'word'} \`${value}\`; put it in quotes, e.g. \`${name}: '${value}'\``;
  return `option \`${name}\` is \`${value}\`; write ${takes(option)}`;
}

/** A setting typed on the command line, e.g. `20` of `--option temperature=20`, as its option's kind; unfit text stays text. */
export function settingOf(option: Option | undefined, text: string): Setting {
  if (option?.kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (option?.kind === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

export const settingsInForce = (profile: Profile, given: Settings): Settings => ({
  ...Object.fromEntries(Object.entries(profile.options).map(([name, option]) => [name, option.default])),
  ...given,
});

/** Settings whose option is named like a signal, as that signal. */
const asSignals = (settings: Settings): SignalValues =>
  // An option is checked to be of its signal's kind when the profile is parsed.
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (isSignalName(name) ? [[keyOf(name), value]] : [])),
  ) as SignalValues;

/** An option named like a signal stands in for it: the installer's word first, then the signal, then the option's default. */
export function withIdentity(profile: Profile, given: Settings): (signals: SignalValues) => SignalValues {
  const defaults = asSignals(settingsInForce(profile, {}));
  const words = asSignals(given);
  return (signals) => ({ ...defaults, ...signals, ...words });
}

const accepted = (wanted: Setting | readonly Setting[]): readonly Setting[] =>
  typeof wanted === 'object' ? wanted : [wanted];

/** Is an entry in force under these settings? */
export const holds = (when: When | undefined, settings: Settings): boolean =>
  Object.entries(when ?? {}).every(([name, wanted]) => accepted(wanted).some((w) => w === settings[name]));

/** Can two entries be in force at once? */
export const canMeet = (a: When | undefined, b: When | undefined): boolean =>
  Object.entries(a ?? {}).every(([name, wanted]) => {
    const other = b?.[name];
    return other === undefined || accepted(wanted).some((w) => accepted(other).includes(w));
  });

/** Every setting that an entry's `when` asks for, one by one. */
export const wishes = (when: When | undefined): [string, Setting][] =>
  Object.entries(when ?? {}).flatMap(([name, wanted]) =>
    accepted(wanted).map((w): [string, Setting] => [name, w]),
  );
