// What a chart over time shows.
import type { Span, Values } from './course.ts';

/** A colour of the tokens, and a dash that tells it apart without colour. */
export type Ink = 'charge' | 'discharge' | 'quiet' | 'alarm' | 'text';

export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
  readonly ink: Ink;
  readonly dash?: readonly number[];
  readonly values: Values;
  /** The lowest and highest of each step: shaded around the line. */
  readonly band?: { readonly low: Values; readonly high: Values };
}

/** Something that happened. */
export interface EventMark {
  readonly atMs: number;
  readonly name: string;
  readonly ink: Ink;
}

/** Moments of the wall clock, ms since 1970. */
export interface ChartSpec {
  readonly atMs: readonly number[];
  readonly stepMs: number;
  readonly whole: Span;
  /** Shaded, in place of those that follow from the moments alone: where nothing or too little was measured. */
  readonly gaps?: readonly Span[];
  readonly series: readonly Series[];
  readonly marks?: readonly EventMark[];
  /** Held open at least so far. */
  readonly range?: { readonly min?: number; readonly max?: number };
}
