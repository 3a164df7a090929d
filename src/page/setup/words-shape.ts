// What every language of the first start has: the places of the English one.
import type { en } from './words-en.ts';

type English = typeof en;

export type Words = {
  readonly [K in keyof English]: English[K] extends string
    ? string
    : { readonly one: string; readonly other: string };
};

export type SetupWord = keyof English;
