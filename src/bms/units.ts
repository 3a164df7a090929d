import { toHex } from '../bytes/hex.ts';
import type { BmsDriver, Dialect } from './driver.ts';

const questions = ({ requests }: Dialect, unit: number): string =>
  requests({ unit })
    .map(({ bytes }) => toHex(bytes))
    .join(' ');

/** True when a module of this family may speak for several packs: then its questions differ by `unit`. */
export const speaksForSeveral = ({ dialects }: BmsDriver): boolean =>
  dialects.some((dialect) => questions(dialect, 1) !== questions(dialect, 2));
