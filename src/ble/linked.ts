import type { BmsDriver, Dialect, Gatt } from '../bms/driver.ts';
import { waysOf } from '../bms/ways.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import type { Speaking } from './command.ts';
import { livingUnits } from './living-units.ts';
import { LOGIN_MS, type LoggingIn, logIn } from './login.ts';
import { type LinkedUnit, poll } from './polled.ts';
import { type BleLink, type Channel, chooseChannel, WIRED_GATT } from './port.ts';
import { recognise } from './recognised.ts';
import { type Streamed, streamed } from './streamed.ts';
import { DRAIN_MS, type Talk, talk } from './talk.ts';
import { pause, unless } from './timers.ts';

/** A unit whose last true sample is older has a dead link, whatever the radio says (design, section 8). */
export const DEAD_AFTER_MS = 8_000;
/** Several packs lose what is written sooner after the subscription (BLE reference 1.8). */
export const SETTLE_MS = 300;

export interface LinkedOptions {
  readonly link: BleLink;
  readonly driver: BmsDriver;
  /** The installer's own characteristics, before those of the driver. */
  readonly gatt?: Gatt | undefined;
  readonly units: readonly [LinkedUnit, ...LinkedUnit[]];
  readonly pollMs: number;
  readonly timers: Timers;
  /** Ends the life from outside. */
  readonly signal: AbortSignal;
  /** Ends it as soon as every battery of the link has been asked once more. */
  readonly leave: AbortSignal;
  /** The dialect that was spoken on an earlier link. */
  readonly known?: string | undefined;
  readonly onConnected: () => void;
  readonly onDialect?: (id: string) => void;
  readonly onRejected: (why: string) => void;
}

/** Why a link ended; a final end would be the same again. */
export interface Ending {
  readonly why: string;
  readonly isFinal: boolean;
}

/** The batteries of one open link, from the first discovery to the end of the link. */
export interface Linked {
  readonly ended: Promise<Ending>;
  /** The loop stood still: notifications that wait are old. */
  readonly stalled: () => void;
  /** How the link speaks; undefined before it does. */
  readonly speaking: () => Omit<Speaking, 'options' | 'clock'> | undefined;
}

const failed = ({ link }: LinkedOptions, step: string, why: string) =>
  new GatewayError('BLE_FAILED', { address: link.address, step, why });

async function channelOf(o: LinkedOptions): Promise<Channel> {
  const { link, driver, gatt } = o;
  const candidates = gatt ? [gatt, ...driver.gatt] : driver.gatt;
  const channel = chooseChannel(await link.discover(), candidates);
  if (channel) return channel;
  throw failed(o, 'discover', `it has no characteristics of ${driver.title}`);
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

export function linked(o: LinkedOptions): Linked {
  const { link, timers } = o;
  const life = new AbortController();
  const end = (why: unknown) => life.abort(why instanceof Error ? why : new Error(String(why)));
  link.onLost(end);
  const onStop = () => end(o.signal.reason);
  o.signal.addEventListener('abort', onStop);
  if (o.signal.aborted) onStop();
  let askAgainMs = 0;
  let hear = (_notification: Uint8Array) => {};
  let line: Talk | undefined;
  let stream: Streamed | undefined;
  let speaking: Omit<Speaking, 'options' | 'clock'> | undefined;

  const speak = (channel: Channel) => (dialect: Dialect) => {
    line = talk({
      dialect,
      timers,
      signal: life.signal,
      write: (bytes) => link.write(channel.write, bytes),
      onRejected: o.onRejected,
      onStreamed: (answer, atMs) => stream?.gather(answer, atMs),
    });
    hear = line.hear;
    return line;
  };

  const loginOn = (channel: Channel): LoggingIn => ({
    address: link.address,
    timers,
    write: (bytes) => link.write(channel.write, bytes),
    listen: (other) => {
      hear = other;
    },
  });

  const speakOf = async (channel: Channel, units: LinkedOptions['units'], alive: (atMs: number) => void) => {
    const [{ options, before, onRound, isResting, onSkipped }] = units;
    const found = await recognise({
      dialects: waysOf(o.driver, o.gatt?.service === WIRED_GATT.service),
      known: o.known,
      options,
      speak: speak(channel),
      logIn: (login, password) => {
        alive(timers.now() + LOGIN_MS);
        return logIn(loginOn(channel), login, password);
      },
    });
    if (!found) throw failed(o, 'recognise', `it answers no question of ${o.driver.title}`);
    speaking = found;
    o.onDialect?.(found.dialect.id);
    const { signal } = life;
    const { pollMs, leave } = o;
    if (!found.dialect.stream)
      return poll({ ...found, units, pollMs, timers, signal, leave, heldUntilMs: () => askAgainMs });
    stream = streamed({ ...found, options, timers, signal, before, onRound, isResting, onSkipped });
    return stream.run();
  };

  const run = async () => {
    const channel = await channelOf(o);
    await link.subscribe(channel.notify, (bytes) => hear(bytes));
    o.onConnected();
    const death = deathClock(timers, life);
    death.alive(timers.now());
    try {
      await pause(timers, SETTLE_MS, life.signal);
      const { alive } = death;
      await speakOf(channel, livingUnits(o, { alive, left: () => end('given back') }), alive);
    } finally {
      death.stop();
    }
  };

  const ended = unless(life.signal, run())
    .then(
      () => life.signal.reason,
      (error) => error,
    )
    .then((error) => ({
      why: sentence(error),
      isFinal: error instanceof GatewayError && error.code === 'REFUSED',
    }))
    .finally(() => {
      life.abort();
      o.signal.removeEventListener('abort', onStop);
    });
  const stalled = () => {
    askAgainMs = timers.now() + DRAIN_MS;
    line?.giveUp();
  };
  return { ended, stalled, speaking: () => (life.signal.aborted ? undefined : speaking) };
}
