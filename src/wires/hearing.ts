import { type Hearing, heard, judged, unheard } from '../can/hearing.ts';
import type { Condition } from '../events/ledger.ts';
import type { EventGround } from './event-ground.ts';

/** Whether an inverter still polls or sends its keep-alive; tells when that changes. */
export interface InverterHearing {
  readonly heard: (atMs: number) => void;
  readonly judge: (nowMs: number) => Hearing;
  /** Polls or keep-alives so far. */
  readonly count: () => number;
}

/** `was`: what is known of it already. */
export function hearInverter(
  inverter: string,
  silentAfterMs: number,
  { clock, ledger }: EventGround,
  was: Hearing = unheard,
): InverterHearing {
  let now = was;
  let count = 0;
  const become = (next: Hearing): void => {
    const first = now.voice === 'never' && next.voice === 'heard';
    const news = next.voice !== now.voice;
    now = next;
    if (!news) return;
    const silent: Condition = {
      kind: 'inverter_silent',
      subject: inverter,
      line: 'inverter silent',
      text: `inverter ${inverter} is silent`,
    };
    ledger.hold(`hearing of ${inverter}`, next.voice === 'silent' ? [silent] : [], clock());
    const text = `inverter ${inverter} is heard`;
    if (first)
      ledger.moment({ kind: 'inverter_heard', subject: inverter, line: 'inverter heard', text }, clock());
  };
  const judge = (nowMs: number): Hearing => {
    become(judged(now, nowMs, silentAfterMs));
    return now;
  };
  return {
    judge,
    count: () => count,
    heard(atMs) {
      count++;
      judge(atMs);
      become(heard(now, atMs));
    },
  };
}
