import type { BmsDriver, DriverOptions, Gatt } from '../bms/driver.ts';
import { noRound, type Round } from '../bms/round.ts';
import { sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { linked } from './linked.ts';
import type { EarReport, LinkState } from './orders.ts';
import type { BleLink } from './port.ts';
import { rejectionCount } from './rejected.ts';
import type { RoundResult } from './rounds.ts';
import { pause } from './timers.ts';
import type { Turns } from './turns.ts';

const LONGEST_RETRY_MS = 60_000;

/** At once, then after 1, 2, 4 … 60 s: grows on failures only (design, section 8). */
export const retryMs = (failures: number): number =>
  failures === 0 ? 0 : Math.min(1000 * 2 ** (failures - 1), LONGEST_RETRY_MS);

export interface SessionOptions {
  readonly id: string;
  readonly address: string;
  readonly driver: BmsDriver;
  readonly driverOptions?: DriverOptions | undefined;
  readonly gatt?: Gatt | undefined;
  /** A new round begins this often. */
  readonly pollMs: number;
  readonly turns: Turns;
  readonly timers: Timers;
  readonly report: (report: EarReport) => void;
}

export interface Session {
  /** Runs until `stop`; the link is closed then. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
  readonly stalled: () => void;
}

/** One battery: a link, round after round, and again when the link is lost. */
export function session(o: SessionOptions): Session {
  const { id: battery, timers } = o;
  const stopping = new AbortController();
  const { signal } = stopping;
  const say = (state: LinkState, more: { why?: string; rssiDbm?: number } = {}) =>
    o.report({ type: 'link', battery, state, ...more });
  const onRejected = rejectionCount(timers, (why, count) =>
    o.report({ type: 'rejected', battery, why, count }),
  );
  let knownAtMs = timers.now();
  let before: Round = noRound;
  let noticed = '';
  let stalled = () => {};
  /** Since the last complete sample: links that gave none, and turns that gave no link. */
  let failures = 0;

  const notice = (text: string) => {
    if (text && text !== noticed) o.report({ type: 'notice', battery, text });
    noticed = text;
  };

  const onRound = ({ atMs, round, complete, why = '' }: RoundResult) => {
    before = round;
    notice(complete ? complete.notices.join('; ') : why);
    if (!complete) return;
    failures = 0;
    knownAtMs = atMs;
    o.report({ type: 'sample', battery, atMs, reading: complete.reading });
  };

  const connect = () =>
    o.turns.connect({
      address: o.address,
      knownAtMs,
      signal,
      onHeard: ({ rssiDbm }) => say('found', rssiDbm === undefined ? {} : { rssiDbm }),
      onConnecting: () => say('connecting'),
    });

  const live = async (link: BleLink): Promise<string> => {
    const onConnected = () => say('connected');
    const life = linked({ ...o, link, signal, before, onConnected, onRound, onRejected });
    stalled = life.stalled;
    const why = await life.ended;
    await link.disconnect();
    return why;
  };

  const run = async () => {
    while (!signal.aborted) {
      await pause(timers, retryMs(failures), signal);
      if (signal.aborted) return;
      failures++;
      const why = await connect().then(live).catch(sentence);
      if (!signal.aborted) say('lost', { why });
    }
  };

  return { ended: run(), stop: () => stopping.abort(new Error('stopped')), stalled: () => stalled() };
}
