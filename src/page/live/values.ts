// Takes values out of the live document, whose signals are named and not typed. What is not there is unknown.
import type { SignalName } from '../../model/signals.ts';

type Names = Readonly<Record<string, unknown>> | undefined;

/** A battery, an inverter or a wire may be called `constructor`: what every object inherits is none of them. */
export const named = <T>(all: Readonly<Record<string, T>> | undefined, id: string): T | undefined =>
  all !== undefined && Object.hasOwn(all, id) ? all[id] : undefined;

export const numberOf = (values: Names, name: SignalName | string): number | undefined => {
  const value = values?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

/** Rows keep their places: a broken sensor is undefined in its row. */
export const numbersOf = (values: Names, name: SignalName | string): readonly (number | undefined)[] => {
  const value = values?.[name];
  return Array.isArray(value) ? value.map((v) => (typeof v === 'number' ? v : undefined)) : [];
};

export const wordsOf = (values: Names, name: SignalName | string): readonly string[] => {
  const value = values?.[name];
  return Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
};

const isKnown = (value: number | undefined): value is number => value !== undefined;

/** The lowest and highest of a row that has any. */
export function endsOf(values: readonly (number | undefined)[]): readonly [number, number] | undefined {
  const known = values.filter(isKnown);
  return known.length ? [Math.min(...known), Math.max(...known)] : undefined;
}

export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter(isKnown);
  return known.length ? known.reduce((sum, v) => sum + v, 0) / known.length : undefined;
}
