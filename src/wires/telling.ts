import type { BankState } from '../model/bank-state.ts';
import { type Telling, telling } from '../profile/telling.ts';
import type { Change } from './changes.ts';

/** What one inverter may be told now, and the state to tell it from. */
export type Said = (nowMs: number) => { readonly telling: Telling; readonly state: BankState | undefined };

const keyOf = (t: Telling): string => (t.kind === 'nothing' ? t.why : t.kind);

function changeOf(inverter: string, now: Telling): Change {
  const fields = { inverter };
  if (now.kind === 'say') return { level: 'notice', text: 'inverter is told the bank', fields };
  if (now.kind === 'exception')
    return {
      level: 'error',
      text: 'inverter is answered with an exception',
      fields: { ...fields, code: now.code },
    };
  const level = now.why === 'never heard' ? 'notice' : 'error';
  return { level, text: 'inverter is told nothing', fields: { ...fields, why: now.why } };
}

/**
 * Judges at every answer and every beat what may be told, and says so once when that changes. `since`: a moment at which it
 * was told already.
 */
export function watchTelling(
  inverter: string,
  lost: Parameters<typeof telling>[0],
  state: () => BankState | undefined,
  onChange: (change: Change) => void,
  since?: number,
): Said {
  let told = since === undefined ? 'never heard' : keyOf(telling(lost, state(), since));
  return (nowMs) => {
    const held = state();
    const now = telling(lost, held, nowMs);
    if (keyOf(now) !== told) onChange(changeOf(inverter, now));
    told = keyOf(now);
    return { telling: now, state: held };
  };
}
