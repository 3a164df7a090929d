// What a session says of its batteries: the states of their link, and what came of each round.
import type { DriverOptions } from '../bms/driver.ts';
import { noRound, type Round } from '../bms/round.ts';
import type { EarReport, LinkState } from './orders.ts';
import type { LinkedUnit } from './polled.ts';
import type { RestBook } from './rests.ts';

export interface SessionBattery {
  readonly id: string;
  readonly options?: DriverOptions | undefined;
}

type Report = (report: EarReport) => void;

type More = {
  readonly why?: string;
  readonly rssiDbm?: number;
  readonly wasOpen?: boolean;
  readonly isFinal?: true;
};

/** Tells the states of a link for each battery behind it; what comes after a rest is only its next turn. */
export function linkWords(
  batteries: readonly SessionBattery[],
  report: Report,
): (state: LinkState, more?: More) => void {
  let inTurn = false;
  return (state, more = {}) => {
    inTurn = state !== 'lost' && (inTurn || state === 'resting');
    for (const { id: battery } of batteries)
      report({ type: 'link', battery, state, ...more, ...(inTurn && { inTurn }) });
  };
}

/** A battery of a session: what it says of each round. */
export function unitOf(
  { id: battery, options }: SessionBattery,
  report: Report,
  alive: (atMs: number) => void,
  rests: RestBook,
): LinkedUnit & { readonly reject: (why: string, count: number) => void } {
  let noticed = '';
  const unit: { before: Round; silentAtMs?: number | undefined } = { before: noRound };
  const notice = (text: string) => {
    if (text && text !== noticed) report({ type: 'notice', battery, text });
    noticed = text;
  };
  return {
    options,
    isResting: () => rests.isResting(battery),
    get before() {
      return unit.before;
    },
    get silentAtMs() {
      return unit.silentAtMs;
    },
    onRound: ({ atMs, round, complete, why = '' }) => {
      Object.assign(unit, { before: round, silentAtMs: complete ? undefined : atMs });
      notice(complete ? complete.notices.join('; ') : why);
      if (!complete) return;
      alive(complete.atMs);
      report({ type: 'sample', battery, atMs: complete.atMs, reading: complete.reading });
    },
    reject: (why, count) => report({ type: 'rejected', battery, why, count }),
  };
}
