// What every message file holds: the sections, messages and forms of the English one.
import type { en } from './en.ts';

type English = typeof en;

/** The same places in another language. */
export type Words = {
  readonly [S in keyof English]: {
    readonly [K in keyof English[S]]: English[S][K] extends string
      ? string
      : { readonly one: string; readonly other: string };
  };
};

/** `home.soc`: a section and what is said in it. */
export type WordKey = { [S in keyof English & string]: `${S}.${keyof English[S] & string}` }[keyof English &
  string];
