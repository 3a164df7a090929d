import type { Course, Word } from '../bank/scenario-pack.ts';
import { type AlarmName, alarmNames } from '../model/alarms.ts';
import { duration } from '../profile/document.ts';
import { didYouMean } from '../profile/nearest.ts';

/** A word of a scenario line and where it stands, column from 1. */
export interface Token {
  readonly text: string;
  readonly column: number;
}

/** Thrown by the readers of words: what is wrong; what to do. */
export class Unreadable extends Error {
  readonly column: number;
  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}

/** Where and for whom a word is read. */
export interface Context {
  readonly atMs: number;
  /** Cells of the smallest pack that the line speaks to. */
  readonly cells: number;
}

const MAX_SENSORS = 16;
const numberNames = ['soc', 'v', 'i', 'cell', 't', 'mosfet', 'capacity'];
const others = ['charge_fet', 'discharge_fet', 'alarm', 'warning', 'silent', 'speaks', 'frozen', 'moves'];

/** A time of a scenario: `90s`, `5m`, `1h30m`; ms. */
export function spanMs({ text, column }: Token): number {
  const parts = (text.match(/[\d.]+[a-z]+|.+/g) ?? []).map((part) => duration.safeParse(part).data);
  const known = parts.filter((ms) => ms !== undefined);
  if (parts.length && known.length === parts.length) return known.reduce((a, b) => a + b, 0);
  throw new Unreadable(`\`${text}\` is no time; write one like \`90s\`, \`5m\` or \`1h30m\``, column);
}

const decimal = /^-?\d+(\.\d+)?$/;

/** `3.30`, or `3.30..3.45/10m`: linear from the line's time on; `none` is undefined. */
export function courseOf({ text, column }: Token, atMs: number): Course | undefined {
  if (text === 'none') return undefined;
  const [values = '', over] = text.split('/');
  const [from = '', to = from] = values.split('..');
  const isRamp = values.includes('..');
  if (!decimal.test(from) || !decimal.test(to) || isRamp !== (over !== undefined))
    throw new Unreadable(
      `\`${text}\` is no value; write a number, \`3.30..3.45/10m\` for a slow change, or \`none\` for what is not said`,
      column,
    );
  const overMs = over === undefined ? 0 : spanMs({ text: over, column: column + values.length + 1 });
  return { from: Number(from), to: Number(to), sinceMs: atMs, overMs };
}

/** `cell7` of a pack that has it; `t2`. */
function numbered({ text, column }: Token, cells: number): boolean {
  const [, kind, digits] = /^(cell|t)(\d+)$/.exec(text) ?? [];
  if (kind === undefined) return false;
  const most = kind === 'cell' ? cells : MAX_SENSORS;
  if (Number(digits) >= 1 && Number(digits) <= most) return true;
  throw new Unreadable(
    `there is no \`${text}\`; ${kind === 'cell' ? 'cells' : 'sensors'} are numbered from 1 to ${most}`,
    column,
  );
}

function namesOf({ text, column }: Token): AlarmName[] {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const known = alarmNames.find((n) => n === name);
    if (known) return known;
    throw new Unreadable(
      `there is no alarm \`${name}\`${didYouMean(name, alarmNames) || `; known are: ${alarmNames.join(', ')}`}`,
      column,
    );
  });
}

function closedOf({ text, column }: Token): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new Unreadable(`a FET is \`on\` or \`off\`, not \`${text}\``, column);
}

const states: Readonly<Record<string, Word>> = {
  silent: { set: 'speaks', yes: false },
  speaks: { set: 'speaks', yes: true },
  frozen: { set: 'moves', yes: false },
  moves: { set: 'moves', yes: true },
};

/** The two sides of `name=value`; the value is undefined where there is no `=`. */
export function sides({ text, column }: Token): { name: Token; value?: Token } {
  const at = text.indexOf('=');
  if (at < 0) return { name: { text, column } };
  return {
    name: { text: text.slice(0, at), column },
    value: { text: text.slice(at + 1), column: column + at + 1 },
  };
}

/** One word that is said of a pack. Throws Unreadable. */
export function packWord(token: Token, { atMs, cells }: Context): Word {
  const { name, value } = sides(token);
  const state = Object.hasOwn(states, token.text) ? states[token.text] : undefined;
  if (state) return state;
  if (!value || !isWord(name, cells))
    throw new Unreadable(
      `\`${token.text}\` says nothing of a pack${didYouMean(name.text, [...numberNames, ...others]) || '; write words like `soc=50`, `cell7=3.47`, `charge_fet=off` or `silent`'}`,
      token.column,
    );
  if (name.text === 'charge_fet') return { set: 'chargeFet', closed: closedOf(value) };
  if (name.text === 'discharge_fet') return { set: 'dischargeFet', closed: closedOf(value) };
  if (name.text === 'alarm') return { set: 'alarms', names: namesOf(value) };
  if (name.text === 'warning') return { set: 'warnings', names: namesOf(value) };
  const course = courseOf(value, atMs);
  return { set: 'number', name: name.text, ...(course && { course }) };
}

const isWord = (name: Token, cells: number): boolean =>
  numberNames.includes(name.text) ||
  ['charge_fet', 'discharge_fet', 'alarm', 'warning'].includes(name.text) ||
  numbered(name, cells);
