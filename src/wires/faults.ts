import type { BankState } from '../model/bank-state.ts';
import type { Change } from './changes.ts';

/** A reading that is incomplete now and then is no news each time. */
const AGAIN_AFTER_MS = 600_000;

/** Tells, evaluation by evaluation, why a battery does not count: a reason at once, the same one again after ten minutes. */
export function watchFaults(): (state: BankState) => Change[] {
  const told = new Map<string, number>();
  const was = new Map<string, string | undefined>();
  return ({ packs, evaluatedAtMs }) =>
    packs.flatMap(({ id, fault }) => {
      const isNew = fault !== undefined && fault !== was.get(id);
      was.set(id, fault);
      const key = `${id} ${fault}`;
      const toldAtMs = told.get(key) ?? Number.NEGATIVE_INFINITY;
      if (!isNew || evaluatedAtMs - toldAtMs < AGAIN_AFTER_MS) return [];
      told.set(key, evaluatedAtMs);
      return [{ level: 'error', text: 'battery does not count', fields: { battery: id, why: fault } }];
    });
}
