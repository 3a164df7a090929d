import { alarmNames, errorNames } from '../../model/alarms.ts';
import { type SignalName, signalNames, signalSpec, signals } from '../../model/signals.ts';

/** How makers write the words of the catalogue. */
const spellings: Readonly<Record<string, string>> = {
  overvoltage: 'high voltage',
  undervoltage: 'low voltage',
  overcurrent: 'high current',
  overtemperature: 'high temperature',
  undertemperature: 'low temperature',
  overtemp: 'high temperature',
  undertemp: 'low temperature',
  over: 'high',
  under: 'low',
  highest: 'max',
  maximum: 'max',
  lowest: 'min',
  minimum: 'min',
  chg: 'charge',
  chrg: 'charge',
  charging: 'charge',
  dischg: 'discharge',
  dischrg: 'discharge',
  dchg: 'discharge',
  dsg: 'discharge',
  discharging: 'discharge',
  volt: 'voltage',
  volts: 'voltage',
  voltages: 'voltage',
  curr: 'current',
  cur: 'current',
  temp: 'temperature',
  temps: 'temperature',
  lim: 'limit',
  limitation: 'limit',
  enabled: 'enable',
  en: 'enable',
  allowed: 'enable',
  permitted: 'enable',
  permit: 'enable',
  req: 'request',
  requested: 'request',
  number: 'no',
  num: 'no',
  nr: 'no',
  cap: 'capacity',
  remain: 'remaining',
  rem: 'remaining',
  residual: 'remaining',
  average: 'mean',
  avg: 'mean',
  warn: 'warning',
  warnings: 'warning',
  alm: 'alarm',
  alarms: 'alarm',
  protection: 'alarm',
  prot: 'alarm',
};

/** Words that say nothing about which signal it is. */
const noise = new Set(
  'battery bat batt bms pack system sys total value val actual act measured present bank ess'.split(' '),
);

/** `ChgCurrLimit_A` as charge, current, limit, a. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/cut[_ -]?off/gi, '_cutoff_')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')
    .flatMap((word) => (Object.hasOwn(spellings, word) ? (spellings[word] ?? word) : word).split(' '));

const units = new Set('v mv a ma pct percent c degc w kw ah mah kwh wh s'.split(' '));

const withoutUnit = (words: readonly string[]): readonly string[] =>
  words.length > 1 && units.has(words.at(-1) ?? '') ? words.slice(0, -1) : words;

/** Words in any order. */
const keyOf = (words: readonly string[]): string => [...new Set(words)].sort().join(' ');

/** Beside the catalogue's own names. */
const numberAliases: readonly (readonly [string, SignalName])[] = [
  ['cvl', 'charge_voltage_limit_V'],
  ['charge voltage', 'charge_voltage_limit_V'],
  ['charge voltage max', 'charge_voltage_limit_V'],
  ['charge cutoff voltage', 'charge_voltage_limit_V'],
  ['dvl', 'discharge_voltage_limit_V'],
  ['discharge voltage min', 'discharge_voltage_limit_V'],
  ['discharge cutoff voltage', 'discharge_voltage_limit_V'],
  ['ccl', 'charge_current_limit_A'],
  ['charge current max', 'charge_current_limit_A'],
  ['dcl', 'discharge_current_limit_A'],
  ['discharge current max', 'discharge_current_limit_A'],
  ['charge power max', 'charge_power_limit_W'],
  ['discharge power max', 'discharge_power_limit_W'],
  ['soc', 'soc_told_pct'],
  ['state of charge', 'soc_told_pct'],
  ['state of health', 'soh_pct'],
  ['terminal voltage', 'voltage_V'],
  ['cycle count', 'cycles'],
  ['nominal capacity', 'capacity_Ah'],
  ['nominal capacity', 'capacity_kWh'],
  ['rated capacity', 'capacity_Ah'],
  ['rated capacity', 'capacity_kWh'],
  ['installed capacity', 'capacity_Ah'],
  ['installed capacity', 'capacity_kWh'],
  ['full capacity', 'capacity_Ah'],
  ['cell voltage difference', 'cell_delta_V'],
  ['remaining energy', 'remaining_kWh'],
];

/** The true SoC is never what an inverter is told. */
const namedNumbers = signalNames.filter((name) => signals[name].kind === 'number' && name !== 'soc_pct');
const index = <N>(entries: readonly (readonly [string, N])[]): ReadonlyMap<string, readonly N[]> => {
  const groups = Map.groupBy(entries, ([key]) => key);
  return new Map([...groups].map(([key, all]) => [key, all.map(([, name]) => name)]));
};

const numbers = index<SignalName>([
  ...namedNumbers.map((name) => [keyOf(withoutUnit(wordsOf(name))), name] as const),
  ...numberAliases.map(([words, name]) => [keyOf(words.split(' ')), name] as const),
]);

/** The words as they are, else without what says nothing. */
function lookUp<N>(table: ReadonlyMap<string, readonly N[]>, words: readonly string[]): readonly N[] {
  const meant = words.filter((word) => !noise.has(word));
  return table.get(keyOf(words)) ?? table.get(keyOf(meant)) ?? [];
}

/** What one of this unit is worth in the catalogue's. */
const worth: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  v: ['V', 1],
  volt: ['V', 1],
  mv: ['V', 0.001],
  a: ['A', 1],
  amp: ['A', 1],
  ma: ['A', 0.001],
  '%': ['%', 1],
  pct: ['%', 1],
  percent: ['%', 1],
  degc: ['°C', 1],
  '°c': ['°C', 1],
  c: ['°C', 1],
  celsius: ['°C', 1],
  w: ['W', 1],
  kw: ['W', 1000],
  ah: ['Ah', 1],
  mah: ['Ah', 0.001],
  kwh: ['kWh', 1],
  wh: ['kWh', 0.001],
  s: ['s', 1],
  sec: ['s', 1],
  '': ['', 1],
  '-': ['', 1],
};

const sameUnit = (text: string): readonly [unit: string, factor: number] | undefined => {
  const key = text
    .trim()
    .toLowerCase()
    .replace('º', '°')
    .replace(/^deg c$/, 'degc');
  return Object.hasOwn(worth, key) ? worth[key] : undefined;
};

/** Name and unit together say which signal this is, and what one of its unit is worth. */
export function numberMeant(
  name: string,
  unit: string,
): { readonly from: SignalName; readonly factor: number } | undefined {
  const same = sameUnit(unit);
  const words = wordsOf(name);
  const found = [...lookUp(numbers, words), ...lookUp(numbers, withoutUnit(words))];
  const from = same && found.find((n) => (signalSpec(n).unit ?? '') === same[0]);
  return from && same && { from, factor: same[1] };
}

/** What the name alone suggests, for a person to judge. */
export const numberGuess = (name: string): SignalName | undefined =>
  lookUp(numbers, withoutUnit(wordsOf(name)))[0];

const alarmTable = index([
  ...alarmNames.map((name) => [keyOf(wordsOf(name)), name] as const),
  ...([['imbalance', 'cell_imbalance']] as const),
]);

/** Words such as `charging` mean a state or a permission; these flags are taken by their own names only. */
const ownNameOnly: readonly SignalName[] = ['charging', 'discharging', 'balancing', 'online'];
const flagNames = signalNames.filter((name) => signals[name].kind === 'flag');
const flagTable = index(
  flagNames
    .filter((name) => !ownNameOnly.includes(name))
    .map((name) => [keyOf(wordsOf(name)), name] as const),
);

type Sign = { readonly [K in 'flags' | 'alarms' | 'warnings' | 'errors']?: readonly [string] };

function alarmMeant(words: readonly string[]): Sign | undefined {
  const kinds = (['alarm', 'warning'] as const).filter((kind) => words.includes(kind));
  const [alarm] = lookUp(
    alarmTable,
    words.filter((word) => word !== 'alarm' && word !== 'warning'),
  );
  if (kinds.length !== 1 || alarm === undefined) return undefined;
  return kinds[0] === 'alarm' ? { alarms: [alarm] } : { warnings: [alarm] };
}

/** The flag, alarm, warning or error that a bit of this name stands for. */
export function signMeant(name: string): Sign | undefined {
  const plain = name.toLowerCase();
  if (flagNames.some((flag) => flag === plain)) return { flags: [plain] };
  if (errorNames.some((error) => error === plain)) return { errors: [plain] };
  const [flag] = lookUp(flagTable, wordsOf(name));
  return flag === undefined ? alarmMeant(wordsOf(name)) : { flags: [flag] };
}
