import type { BmsDriver, Gatt } from '../bms/driver.ts';
import { sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { type Command, type CommandResult, carryOut } from './command.ts';
import { type Ending, type Linked, linked } from './linked.ts';
import type { EarReport, RestOrder } from './orders.ts';
import type { LinkedUnit } from './polled.ts';
import type { BleLink } from './port.ts';
import { rejectionCount } from './rejected.ts';
import { restBook } from './rests.ts';
import { linkWords, type SessionBattery, unitOf } from './session-words.ts';
import { pause } from './timers.ts';
import type { Turns } from './turns.ts';

const LONGEST_RETRY_MS = 60_000;

/** At once, then after 1, 2, 4 … 60 s: grows on failures only (design, section 8). */
export const retryMs = (failures: number): number =>
  failures === 0 ? 0 : Math.min(1000 * 2 ** (failures - 1), LONGEST_RETRY_MS);

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
  /** What rests as it begins. */
  readonly rests?: readonly RestOrder[] | undefined;
}

export interface Session {
  /** Runs until `stop`; the link is closed then. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
  readonly stalled: () => void;
  /** Closes what is open and tries anew at once. */
  readonly again: () => void;
  /** A person lets one of its batteries rest, or be read again; those of others are not for it. */
  readonly rest: (order: RestOrder) => void;
  readonly resume: (battery: string) => void;
  /** Carries out a command on one of its batteries; undefined when it is none of them. */
  readonly command: (battery: string, command: Command) => Promise<CommandResult> | undefined;
}

const strange = (address: string): string => `is it a BMS? look with \`bmsgate inspect ${address}\``;

const failed = (error: unknown): Ending => ({ why: sentence(error), isFinal: false });

/** The batteries of one address: a link, round after round, and again when the link is lost. */
export function session(o: SessionOptions): Session {
  const { timers, report } = o;
  const say = linkWords(o.batteries, report);
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
  const rests = restBook(
    o.batteries.map(({ id }) => id),
    timers.now,
  );
  for (const order of o.rests ?? []) rests.begin(order);
  let isLetGo = false;
  const [first, ...others] = o.batteries;
  const main = unitOf(first, report, alive, rests);
  const units: readonly [LinkedUnit, ...LinkedUnit[]] = [
    main,
    ...others.map((battery) => unitOf(battery, report, alive, rests)),
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
    if (isStopped || rests.withoutLinkUntilMs() > timers.now()) return;
    // What was read before can be read again: a refusal may be of one moment.
    isStopped = isFinal && !everAlive;
    const end = isStopped ? ({ why, wasOpen, isFinal: true } as const) : { why, wasOpen };
    say(leave.signal.aborted && failures === 0 ? 'resting' : 'lost', end);
  };

  /** Nothing is taken while somebody else is to have the link; what failed before it counts no more. */
  const letGo = async () => {
    const untilMs = rests.withoutLinkUntilMs();
    if (isStopped || untilMs <= timers.now()) return;
    if (!isLetGo) say('let go');
    isLetGo = true;
    failures = 0;
    await pause(timers, untilMs - timers.now(), begin());
    isLetGo &&= rests.withoutLinkUntilMs() > timers.now();
    await letGo();
  };

  const run = async () => {
    while (!isStopped) {
      await letGo();
      const waitMs = isHurried ? 0 : retryMs(failures);
      isHurried = false;
      await pause(timers, waitMs, begin());
      if (!isStopped && rests.withoutLinkUntilMs() <= timers.now()) await turn();
    }
  };

  const stop = () => {
    isStopped = true;
    current.abort(new Error('stopped'));
  };

  const rest: Session['rest'] = (order) => {
    rests.begin(order);
    if (order.what === 'link' && rests.isResting(order.battery) && !isLetGo)
      current.abort(new Error('let go'));
  };

  /** A link that is held goes on by itself. */
  const resume: Session['resume'] = (battery) => {
    rests.end(battery);
    if (isLetGo) current.abort(new Error('to be read again'));
  };

  const again = () => {
    if (isLetGo) return;
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

  return { ended: run(), stop, again, rest, resume, stalled: () => stalled(), command };
}
