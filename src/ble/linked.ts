import type { BmsDriver, DriverOptions, Gatt } from '../bms/driver.ts';
import type { Round } from '../bms/round.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { type BleLink, type Channel, chooseChannel } from './port.ts';
import { type RoundResult, runRound, type Tries } from './rounds.ts';
import { type Talk, talk } from './talk.ts';
import { pause, unless } from './timers.ts';

/** A unit whose last true sample is older has a dead link, whatever the radio says (design, section 8). */
export const DEAD_AFTER_MS = 8_000;
/** Several packs lose what is written sooner after the subscription (BLE reference 1.8). */
export const SETTLE_MS = 300;
/** After the loop stood still: what the stack had queued is old and passes by while nothing is asked. */
export const DRAIN_MS = 300;

/** The next moment of the beat that is not over yet: rounds never overlap and never catch up. */
export const nextDueMs = (dueMs: number, everyMs: number, nowMs: number): number =>
  dueMs + everyMs * Math.max(1, Math.ceil((nowMs - dueMs) / everyMs));

export interface LinkedOptions {
  readonly link: BleLink;
  readonly driver: BmsDriver;
  readonly driverOptions?: DriverOptions | undefined;
  /** The installer's own characteristics, before those of the driver. */
  readonly gatt?: Gatt | undefined;
  readonly pollMs: number;
  readonly timers: Timers;
  /** Ends the life from outside. */
  readonly signal: AbortSignal;
  /** What is known from an earlier link and asked only once per link. */
  readonly before: Round;
  readonly onConnected: () => void;
  readonly onRound: (result: RoundResult) => void;
  readonly onRejected: (why: string) => void;
}

/** One battery on one open link, from the first discovery to the end of the link. */
export interface Linked {
  /** Why it ended. */
  readonly ended: Promise<string>;
  /** The loop stood still: notifications that wait are old. */
  readonly stalled: () => void;
}

async function channelOf({ link, driver, gatt }: LinkedOptions): Promise<Channel> {
  const candidates = gatt ? [gatt, ...driver.gatt] : driver.gatt;
  const channel = chooseChannel(await link.discover(), candidates);
  if (channel) return channel;
  const why = `it has no characteristics of ${driver.title}; look with \`bmsgate inspect ${link.address}\``;
  throw new GatewayError('BLE_FAILED', { address: link.address, step: 'discover', why });
}

/** Ends the life when no complete answer came for 8 s; each answer puts that off. */
function deathClock(
  timers: Timers,
  life: AbortController,
): { alive: (atMs: number) => void; stop: () => void } {
  let stop = () => {};
  const alive = (atMs: number) => {
    stop();
    stop = timers.after(Math.max(0, atMs + DEAD_AFTER_MS - timers.now()), () =>
      life.abort(new Error(`no complete answer for ${DEAD_AFTER_MS / 1000} s`)),
    );
  };
  return { alive, stop: () => stop() };
}

async function ask(o: LinkedOptions, line: Talk, life: AbortController, heldUntil: () => number) {
  const { timers, driver } = o;
  const tries: Tries = new Map();
  const death = deathClock(timers, life);
  death.alive(timers.now());
  let round = o.before;
  try {
    await pause(timers, SETTLE_MS, life.signal);
    for (let dueMs = timers.now(); !life.signal.aborted; ) {
      const result = await unless(
        life.signal,
        runRound({ driver, line, now: timers.now, before: round, tries }),
      );
      round = result.round;
      if (result.complete) death.alive(result.atMs);
      o.onRound(result);
      dueMs = Math.max(nextDueMs(dueMs, o.pollMs, timers.now()), heldUntil());
      await pause(timers, dueMs - timers.now(), life.signal);
    }
  } finally {
    death.stop();
  }
}

export function linked(o: LinkedOptions): Linked {
  const { link, timers } = o;
  const life = new AbortController();
  const end = (why: unknown) => life.abort(why instanceof Error ? why : new Error(String(why)));
  link.onLost(end);
  const onStop = () => end('stopped');
  o.signal.addEventListener('abort', onStop);
  if (o.signal.aborted) onStop();
  let askAgainMs = 0;
  let stalled = () => {};

  const run = async () => {
    const channel = await channelOf(o);
    const write = (bytes: Uint8Array) => link.write(channel.write, bytes);
    const line = talk({ ...o, write, signal: life.signal });
    stalled = () => {
      askAgainMs = timers.now() + DRAIN_MS;
      line.giveUp();
    };
    await link.subscribe(channel.notify, line.hear);
    o.onConnected();
    await ask(o, line, life, () => askAgainMs);
  };

  const ended = unless(life.signal, run())
    .then(() => sentence(life.signal.reason), sentence)
    .finally(() => {
      life.abort();
      o.signal.removeEventListener('abort', onStop);
    });
  return { ended, stalled: () => stalled() };
}
