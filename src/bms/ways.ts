import type { BmsDriver, Dialect } from './driver.ts';

/** The ways of talking that a family has there. */
export function waysOf({ dialects }: BmsDriver, isWired: boolean): readonly [Dialect, ...Dialect[]] {
  const [first = dialects[0], ...others] = dialects.filter(({ over }) => over !== (isWired ? 'air' : 'wire'));
  return [first, ...others];
}
