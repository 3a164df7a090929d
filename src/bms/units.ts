import { toHex } from '../bytes/hex.ts';
import type { BmsDriver, Dialect } from './driver.ts';
import { waysOf } from './ways.ts';

const questions = ({ requests }: Dialect, unit: number): string =>
  requests({ unit })
    .map(({ bytes }) => toHex(bytes))
    .join(' ');

/** True when a module, or a line, of this family may have several packs: then its questions differ by `unit`. */
export const speaksForSeveral = (driver: BmsDriver, isWired: boolean): boolean =>
  waysOf(driver, isWired).some((dialect) => questions(dialect, 1) !== questions(dialect, 2));
