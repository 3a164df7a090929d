import { type Hearing, heard, judged, unheard, type Voice } from '../can/hearing.ts';
import type { Change } from './changes.ts';

/** Whether an inverter still polls or sends its keep-alive; tells when that changes. */
export interface InverterHearing {
  readonly heard: (atMs: number) => void;
  readonly judge: (nowMs: number) => Hearing;
  /** Polls or keep-alives so far. */
  readonly count: () => number;
}

const words: { readonly [V in Voice]: { readonly level: Change['level']; readonly text: string } } = {
  never: { level: 'notice', text: 'inverter not heard yet' },
  heard: { level: 'notice', text: 'inverter heard' },
  silent: { level: 'warn', text: 'inverter silent' },
  back: { level: 'notice', text: 'inverter back' },
};

/** `was`: what is known of it already. */
export function hearInverter(
  inverter: string,
  silentAfterMs: number,
  onChange: (change: Change) => void,
  was: Hearing = unheard,
): InverterHearing {
  let now = was;
  let count = 0;
  const become = (next: Hearing): void => {
    const settled = now.voice === 'back' && next.voice === 'heard';
    const news = next.voice !== now.voice && !settled;
    now = next;
    if (news) onChange({ ...words[next.voice], fields: { inverter } });
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
