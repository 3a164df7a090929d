import type { BmsDriver, DriverOptions, Gatt } from '../bms/driver.ts';
import { noRound } from '../bms/round.ts';
import { sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { type Command, type CommandResult, carryOut } from './command.ts';
import { type Ending, type Linked, linked } from './linked.ts';
import type { EarReport, LinkState } from './orders.ts';
import type { LinkedUnit } from './polled.ts';
import type { BleLink } from './port.ts';
import { rejectionCount } from './rejected.ts';
import { pause } from './timers.ts';
import type { Turns } from './turns.ts';

const LONGEST_RETRY_MS = 60_000;

/** At once, then after 1, 2, 4 … 60 s: grows on failures only (design, section 8). */
export const retryMs = (failures: number): number =>
  failures === 0 ? 0 : Math.min(1000 * 2 ** (failures - 1), LONGEST_RETRY_MS);

export interface SessionBattery {
  readonly id: string;
  readonly options?: DriverOptions | undefined;
}

export interface SessionOptions {
  readonly address: string;
  readonly driver: BmsDriver;
  /** The batteries behind this address; more than one where a module speaks for a bus of them. */
  readonly batteries: readonly [SessionBattery, ...SessionBattery[]];
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
  /** Carries out a command on one of its batteries; undefined when it is none of them. */
  readonly command: (battery: string, command: Command) => Promise<CommandResult> | undefined;
}

const failed = (error: unknown): Ending => ({ why: sentence(error), isFinal: false });

/** A battery of a session: what it says of each round. */
function unitOf(
  { id: battery, options }: SessionBattery,
  report: SessionOptions['report'],
  alive: (atMs: number) => void,
): LinkedUnit & { readonly reject: (why: string, count: number) => void } {
  let noticed = '';
  const unit = { before: noRound };
  const notice = (text: string) => {
    if (text && text !== noticed) report({ type: 'notice', battery, text });
    noticed = text;
  };
  return {
    options,
    get before() {
      return unit.before;
    },
    onRound: ({ round, complete, why = '' }) => {
      unit.before = round;
      notice(complete ? complete.notices.join('; ') : why);
      if (!complete) return;
      alive(complete.atMs);
      report({ type: 'sample', battery, atMs: complete.atMs, reading: complete.reading });
    },
    reject: (why, count) => report({ type: 'rejected', battery, why, count }),
  };
}

/** The batteries of one address: a link, round after round, and again when the link is lost. */
export function session(o: SessionOptions): Session {
  const { timers, report } = o;
  const stopping = new AbortController();
  const { signal } = stopping;
  const say = (state: LinkState, more: { why?: string; rssiDbm?: number } = {}) => {
    for (const { id: battery } of o.batteries) report({ type: 'link', battery, state, ...more });
  };
  let knownAtMs = timers.now();
  let known: string | undefined;
  let stalled = () => {};
  let speaking: Linked['speaking'] = () => undefined;
  /** Since the last complete sample: links that gave none, and turns that gave no link. */
  let failures = 0;

  const alive = (atMs: number) => {
    failures = 0;
    knownAtMs = atMs;
  };
  const [first, ...others] = o.batteries;
  const main = unitOf(first, report, alive);
  const units: readonly [LinkedUnit, ...LinkedUnit[]] = [
    main,
    ...others.map((battery) => unitOf(battery, report, alive)),
  ];
  const onRejected = rejectionCount(timers, main.reject);

  const connect = () =>
    o.turns.connect({
      address: o.address,
      knownAtMs,
      signal,
      onHeard: ({ rssiDbm }) => say('found', rssiDbm === undefined ? {} : { rssiDbm }),
      onConnecting: () => say('connecting'),
    });

  const live = async (link: BleLink): Promise<Ending> => {
    const onConnected = () => say('connected');
    const onDialect = (id: string) => {
      known = id;
    };
    const life = linked({ ...o, link, units, known, signal, onConnected, onDialect, onRejected });
    ({ stalled, speaking } = life);
    const ending = await life.ended;
    await link.disconnect();
    return ending;
  };

  const run = async () => {
    while (!signal.aborted) {
      await pause(timers, retryMs(failures), signal);
      if (signal.aborted) return;
      failures++;
      const { why, isFinal } = await connect().then(live).catch(failed);
      if (!signal.aborted) say('lost', { why });
      if (isFinal) return;
    }
  };

  const command: Session['command'] = (id, command) => {
    const battery = o.batteries.find((one) => one.id === id);
    if (!battery) return undefined;
    const now = speaking();
    if (!now) return Promise.resolve({ sent: [], heard: [], why: 'the battery is not connected' });
    return carryOut(command, { ...now, options: battery.options });
  };

  return {
    ended: run(),
    stop: () => stopping.abort(new Error('stopped')),
    stalled: () => stalled(),
    command,
  };
}
