import type { Condition } from '../events/ledger.ts';
import type { BankState } from '../model/bank-state.ts';
import type { Telling as TellingWord } from '../model/wire-health.ts';
import { type Telling, telling } from '../profile/telling.ts';
import type { EventGround } from './event-ground.ts';

/** What one inverter may be told now, and the state to tell it from. */
export type Said = (nowMs: number) => { readonly telling: Telling; readonly state: BankState | undefined };

const keyOf = (t: Telling): string => (t.kind === 'nothing' ? t.why : t.kind);

function conditionOf(inverter: string, now: Telling): Condition[] {
  if (now.kind === 'say') return [];
  const subject = inverter;
  if (now.kind === 'exception')
    return [
      {
        kind: 'inverter_told_exception',
        subject,
        about: String(now.code),
        line: 'inverter is answered with an exception',
        text: `inverter ${inverter} is answered with exception ${now.code}`,
        details: { code: now.code },
      },
    ];
  const { why } = now;
  const text = `inverter ${inverter} is told nothing: ${why}`;
  if (why === 'never heard') return [waiting(inverter)];
  const line = 'inverter is told nothing';
  return [{ kind: 'inverter_told_nothing', subject, about: why, line, text, details: { why } }];
}

/** Until it is told something for the first time, whoever is to blame. */
const waiting = (inverter: string): Condition => ({
  kind: 'inverter_waits',
  subject: inverter,
  line: 'inverter is told nothing yet',
  text: `inverter ${inverter} is told nothing yet`,
});

/**
 * Judges at every answer and every beat what may be told, and says so once when that changes. `since`: a moment at which it
 * was told already.
 */
export function watchTelling(
  inverter: string,
  lost: Parameters<typeof telling>[0],
  state: () => BankState | undefined,
  { clock, ledger }: EventGround,
  since?: number,
): Said {
  const source = `what ${inverter} is told`;
  let told = since === undefined ? 'never heard' : keyOf(telling(lost, state(), since));
  if (since === undefined) ledger.hold(source, [waiting(inverter)], clock());
  return (nowMs) => {
    const held = state();
    const now = telling(lost, held, nowMs);
    const key = keyOf(now);
    if (key !== told) ledger.hold(source, conditionOf(inverter, now), clock());
    told = key;
    return { telling: now, state: held };
  };
}

export const rungWords = {
  never: 'nothing yet',
  fresh: 'the truth',
  late: 'last values',
  stale: 'stale',
  lost: 'holds zero',
} as const satisfies Record<BankState['freshness'], TellingWord>;

/** What is told now, in a word for a person; `watchTelling` judges by the same rule. */
export function tellingWord(
  lost: Parameters<typeof telling>[0],
  state: BankState | undefined,
  nowMs: number,
): TellingWord {
  const now = telling(lost, state, nowMs);
  if (now.kind === 'exception') return 'exception';
  if (now.kind === 'say' && state) return rungWords[state.freshness];
  return now.kind === 'nothing' && now.why === 'never heard' ? 'nothing yet' : 'silence';
}
