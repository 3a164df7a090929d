import { type Hearing, heard, judged, unheard } from '../can/hearing.ts';
import type { Condition } from '../events/ledger.ts';
import type { EventGround } from './event-ground.ts';

/** Whether an inverter still polls or sends its keep-alive; tells when that changes. */
export interface InverterHearing {
  /** It asks for what it may do, or sends its keep-alive. */
  readonly heard: (atMs: number) => void;
  /** It says anything else. */
  readonly spoke: (atMs: number) => void;
  readonly judge: (nowMs: number) => Hearing;
  /** Polls or keep-alives so far. */
  readonly count: () => number;
  /** It speaks, but has not asked for what it may do for as long as counts as silence. */
  readonly asksNothing: (nowMs: number) => boolean;
}

type Trouble = 'inverter_silent' | 'inverter_asks_nothing';

const trouble = (inverter: string, kind: Trouble): Condition =>
  kind === 'inverter_silent'
    ? { kind, subject: inverter, line: 'inverter silent', text: `inverter ${inverter} is silent` }
    : {
        kind,
        subject: inverter,
        line: 'inverter asks for no limits',
        text: `inverter ${inverter} speaks, but asks for neither limits nor SoC: it is not told them`,
      };

/** `was`: what is known of it already. `isMeter`: it tells us a current, and need never ask for anything. */
export function hearInverter(
  inverter: string,
  silentAfterMs: number,
  { clock, ledger }: EventGround,
  was: Hearing = unheard,
  isMeter: () => boolean = () => false,
): InverterHearing {
  let now = was;
  let count = 0;
  /** What it said last, and first before that without a pause. */
  let talk: { readonly sinceMs: number; readonly lastMs: number } | undefined;
  let told: Trouble | 'nothing' | undefined;

  const source = `hearing of ${inverter}`;
  // What was so before the start is so still, until it is heard.
  for (const kind of ['inverter_silent', 'inverter_asks_nothing'] as const)
    ledger.stay(source, trouble(inverter, kind), clock());
  const beganAtMs = clock();
  /** One that did not ask before may speak all the same: which of both it is shows when it does, or does not for long enough. */
  const isAsBefore = (nowMs: number) =>
    was.voice === 'silent' && told === undefined && !talk && nowMs - beganAtMs <= silentAfterMs;

  const speaks = (nowMs: number) => talk !== undefined && nowMs - talk.lastMs <= silentAfterMs;
  function asksNothing(nowMs: number): boolean {
    if (!talk || !speaks(nowMs)) return false;
    // One that has just stopped altogether said something beside its last question, too.
    if (now.voice === 'silent') return talk.lastMs - (now.lastAtMs ?? 0) > silentAfterMs / 2;
    return now.voice === 'never' && talk.lastMs - talk.sinceMs > silentAfterMs && !isMeter();
  }
  function tell(nowMs: number): void {
    if (isAsBefore(nowMs)) return;
    const silence = now.voice === 'silent' ? 'inverter_silent' : 'nothing';
    const news = asksNothing(nowMs) ? 'inverter_asks_nothing' : silence;
    const isKnown = told !== undefined || news !== 'nothing' || now.voice !== 'never';
    // A meter that speaks is in order, whatever was said of it before the start.
    if (news === told || !(isKnown || (speaks(nowMs) && isMeter()))) return;
    told = news;
    ledger.hold(source, news === 'nothing' ? [] : [trouble(inverter, news)], clock());
  }
  function judge(nowMs: number): Hearing {
    now = judged(now, nowMs, silentAfterMs);
    tell(nowMs);
    return now;
  }
  function spoke(atMs: number): void {
    judge(atMs);
    talk = { sinceMs: talk && speaks(atMs) ? talk.sinceMs : atMs, lastMs: atMs };
  }
  return {
    judge,
    spoke,
    asksNothing,
    count: () => count,
    heard(atMs) {
      count++;
      spoke(atMs);
      const isFirst = now.voice === 'never';
      now = heard(now, atMs);
      tell(atMs);
      const text = `inverter ${inverter} is heard`;
      if (isFirst)
        ledger.moment({ kind: 'inverter_heard', subject: inverter, line: 'inverter heard', text }, clock());
    },
  };
}
