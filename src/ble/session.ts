import type { BmsDriver, DriverOptions, Gatt } from '../bms/driver.ts';
import { noRound, type Round } from '../bms/round.ts';
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
  /** Closes what is open and tries anew at once. */
  readonly again: () => void;
  /** Carries out a command on one of its batteries; undefined when it is none of them. */
  readonly command: (battery: string, command: Command) => Promise<CommandResult> | undefined;
}

type More = { readonly why?: string; readonly rssiDbm?: number; readonly wasOpen?: boolean };

/** Tells the states of a link for each battery behind it; what comes after a rest is only its next turn. */
function linkWords({ batteries, report }: SessionOptions): (state: LinkState, more?: More) => void {
  let inTurn = false;
  return (state, more = {}) => {
    inTurn = state !== 'lost' && (inTurn || state === 'resting');
    for (const { id: battery } of batteries)
      report({ type: 'link', battery, state, ...more, ...(inTurn && { inTurn }) });
  };
}

const strange = (address: string): string => `is it a BMS? look with \`bmsgate inspect ${address}\``;

const failed = (error: unknown): Ending => ({ why: sentence(error), isFinal: false });

/** A battery of a session: what it says of each round. */
function unitOf(
  { id: battery, options }: SessionBattery,
  report: SessionOptions['report'],
  alive: (atMs: number) => void,
): LinkedUnit & { readonly reject: (why: string, count: number) => void } {
  let noticed = '';
  const unit: { before: Round; silentAtMs?: number | undefined } = { before: noRound };
  const notice = (text: string) => {
    if (text && text !== noticed) report({ type: 'notice', battery, text });
    noticed = text;
  };
  return {
    options,
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

/** The batteries of one address: a link, round after round, and again when the link is lost. */
export function session(o: SessionOptions): Session {
  const { timers, report } = o;
  const say = linkWords(o);
  /** Of the wait or the link that is going on. */
  let current = new AbortController();
  let isStopped = false;
  let isHurried = false;
  let knownAtMs = timers.now();
  let known: string | undefined;
  let stalled = () => {};
  let speaking: Linked['speaking'] = () => undefined;
  /** Since the last complete sample: links that gave none, and turns that gave no link. */
  let failures = 0;
  let everAlive = false;

  const alive = (atMs: number) => {
    failures = 0;
    everAlive = true;
    knownAtMs = atMs;
  };
  const [first, ...others] = o.batteries;
  const main = unitOf(first, report, alive);
  const units: readonly [LinkedUnit, ...LinkedUnit[]] = [
    main,
    ...others.map((battery) => unitOf(battery, report, alive)),
  ];
  const onRejected = rejectionCount(timers, main.reject);

  const begin = (): AbortSignal => {
    current = new AbortController();
    if (isStopped) current.abort(new Error('stopped'));
    return current.signal;
  };

  const connect = (signal: AbortSignal, leave: AbortController) =>
    o.turns.connect({
      address: o.address,
      knownAtMs,
      signal,
      onHeard: ({ rssiDbm }) => say('found', rssiDbm === undefined ? {} : { rssiDbm }),
      onConnecting: () => say('connecting'),
      onWanted: () => leave.abort(),
    });

  const live = async (link: BleLink, signal: AbortSignal, leave: AbortSignal): Promise<Ending> => {
    const onConnected = () => say('connected');
    const onDialect = (id: string) => {
      known = id;
    };
    const life = linked({ ...o, link, units, known, signal, leave, onConnected, onDialect, onRejected });
    ({ stalled, speaking } = life);
    const ending = await life.ended;
    await link.disconnect();
    const isStrange = !everAlive && !signal.aborted && !ending.isFinal;
    return isStrange ? { ...ending, why: `${ending.why}; ${strange(o.address)}` } : ending;
  };

  const turn = async () => {
    failures++;
    const [signal, leave] = [begin(), new AbortController()];
    let wasOpen = false;
    const { why, isFinal } = await connect(signal, leave)
      .then((link) => {
        wasOpen = true;
        return live(link, signal, leave.signal);
      })
      .catch(failed);
    if (!isStopped) say(leave.signal.aborted && failures === 0 ? 'resting' : 'lost', { why, wasOpen });
    // What was read before can be read again: a refusal may be of one moment.
    if (isFinal && !everAlive) isStopped = true;
  };

  const run = async () => {
    while (!isStopped) {
      const waitMs = isHurried ? 0 : retryMs(failures);
      isHurried = false;
      await pause(timers, waitMs, begin());
      if (!isStopped) await turn();
    }
  };

  const stop = () => {
    isStopped = true;
    current.abort(new Error('stopped'));
  };

  const again = () => {
    isHurried = true;
    current.abort(new Error('closed to try anew'));
  };

  const command: Session['command'] = (id, command) => {
    const battery = o.batteries.find((one) => one.id === id);
    if (!battery) return undefined;
    const now = speaking();
    if (!now) return Promise.resolve({ sent: [], heard: [], why: 'the battery is not connected' });
    return carryOut(command, { ...now, options: battery.options, clock: timers.now });
  };

  return { ended: run(), stop, again, stalled: () => stalled(), command };
}
