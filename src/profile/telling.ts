import type { BankState } from '../model/bank-state.ts';
import type { Freshness } from '../model/freshness.ts';
import type { Profile } from './schema.ts';

/** What an inverter may be told at this moment. */
export type Telling =
  | { readonly kind: 'say' }
  | { readonly kind: 'nothing'; readonly why: 'never heard' | 'out of date' | 'lost' }
  | { readonly kind: 'exception'; readonly code: 4 };

const onLost: { readonly [L in Profile['lost']]: Telling } = {
  hold: { kind: 'say' },
  silent: { kind: 'nothing', why: 'lost' },
  exception: { kind: 'exception', code: 4 },
};

/** By the rung alone; on *lost* the profile's own action. */
export const tellingOnRung = (lost: Profile['lost'], rung: Freshness): Telling => {
  if (rung === 'never') return { kind: 'nothing', why: 'never heard' };
  return rung === 'lost' ? onLost[lost] : { kind: 'say' };
};

/** Asked at every answer and every beat: an image past its `validUntilMs` is told to nobody (design, section 8). */
export function telling(lost: Profile['lost'], state: BankState | undefined, nowMs: number): Telling {
  if (state === undefined) return { kind: 'nothing', why: 'never heard' };
  if (nowMs > state.validUntilMs) return { kind: 'nothing', why: 'out of date' };
  return tellingOnRung(lost, state.freshness);
}
