// One serial line served by whatever protocol speaks on it: its turn, its silences, its port that comes and goes.
import { type Clock, monotonicMs } from '../model/freshness.ts';
import type { Telegrams } from '../profile/serial/asked.ts';
import { type Closable, keepOpen, type LinkEvents } from './link.ts';
import { type AnswerTimes, answerTimes } from './link-numbers.ts';
import { type OpenSerial, openSerial, type SerialLine, type SerialSettings } from './serial.ts';
import { newTurn } from './turn.ts';

export interface LineSettings extends SerialSettings {
  /** From the last byte received to the first byte of the answer: t3.5, or 0 to 50 ms. Default `t3.5`. */
  readonly replyDelay?: 't3.5' | number;
  /** A silence after which an incomplete frame is given up, ms. Each protocol has its default; at least 2 × t3.5. */
  readonly idleMs?: number;
  /** The adapter gives back what we send. Default false, because a master may repeat a write on purpose. */
  readonly localEcho?: boolean;
}

export interface LineHooks extends LinkEvents {
  /**
   * A question in a named codec, also one that is damaged or not to us, and what it is answered with; without an address where
   * none can be read. An intact one is written anew from what was read in it, and only for who wants to see it: its hex digits
   * may have been small on the wire.
   */
  readonly onTelegram?: (atMs: number, address: number | undefined, telegrams: () => Telegrams) => void;
  readonly clock?: Clock;
  readonly open?: OpenSerial;
}

/** What a frame is answered with; undefined: nobody waits for an answer of ours behind it; `late`: nor for that to this any more. */
export type Answer = Uint8Array | 'late' | undefined;

/** A protocol on one opening of the line. Each call gives the answers to the frames that are now whole, in order. */
export interface Conversation {
  readonly hear: (bytes: Uint8Array, atMs: number) => readonly Answer[];
  /** The line rests for as long as no frame does, unless an adapter hands it over in pieces. */
  readonly rest?: (atMs: number) => readonly Answer[];
  /** The line has been silent: what is incomplete will not be completed. */
  readonly idle: (atMs: number) => readonly Answer[];
  /** Before this is sent: an echoing adapter will give it back. */
  readonly sending: (frame: Uint8Array) => void;
  /** The line took all of this. */
  readonly taken: (frame: Uint8Array) => void;
}

const LONGEST_DELAY_MS = 50;
/** Noise of a 50 Hz inverter comes each 10 ms. */
const REST_MS = 4;

/** 3.5 characters of silence: 3.65 ms at 9600 8N1, fixed at 1.75 ms above 19200 baud (RS485 reference, section 3). */
export function quietTimeMs({ baud, parity = 'none', stopBits = 1 }: SerialSettings): number {
  const bits = 1 + 8 + (parity === 'none' ? 0 : 1) + stopBits;
  return baud > 19200 ? 1.75 : (3.5 * bits * 1000) / baud;
}

function delayMs(settings: LineSettings): number {
  const { replyDelay = 't3.5' } = settings;
  return replyDelay === 't3.5' ? quietTimeMs(settings) : Math.min(LONGEST_DELAY_MS, Math.max(0, replyDelay));
}

/** What stays the same when the adapter is plugged in again. */
interface Wire {
  readonly settings: LineSettings & { readonly idleMs: number };
  readonly begin: () => Conversation;
  readonly clock: Clock;
  readonly times: AnswerTimes;
}

/**
 * Runs once what waits in the kernel has been read: after a stall a timer is due before that, and the line would be called silent
 * while the rest of a frame lies there. A line reads in the turn after it was told (`serial.ts`), hence two.
 */
const afterReading = (run: () => void): void => void setImmediate(() => setImmediate(run));

/** One opening of the line, from the first byte to the last. */
function listenOn(
  line: SerialLine,
  { settings, begin, clock, times }: Wire,
  gone: (error: unknown) => void,
): Closable {
  const talk = begin();
  const quietMs = delayMs(settings);
  const turn = newTurn({
    clock,
    quietMs,
    send(frame, took, done) {
      talk.sending(frame);
      line.send(frame, () => {
        talk.taken(frame);
        done();
      });
      times.given(took.ms, took.dueMs);
    },
    onDropped: times.dropped,
    onSent: () => pause.refresh(),
  });
  const idleMs = Math.max(settings.idleMs, 2 * quietTimeMs(settings));
  /** The newest frame alone has somebody who waits: of what piled up while we stood still, or what is still due, nobody has. */
  const answer = (answers: readonly Answer[], dueMs: number) => {
    const newest = answers.at(-1);
    for (const old of newest === 'late' ? answers : answers.slice(0, -1)) if (old) times.dropped();
    if (answers.length > 0) turn.answer(newest === 'late' ? undefined : newest, dueMs);
  };
  let arrivals = 0;
  let open = true;
  const unlessMore = (run: () => void) => {
    const heard = arrivals;
    afterReading(() => open && heard === arrivals && run());
  };
  const onIdle = () => {
    if (turn.busy()) return void pause.refresh();
    unlessMore(() => answer(talk.idle(clock()), Math.max(idleMs, quietMs)));
  };
  const pause = setTimeout(onIdle, idleMs);
  const restMs = Math.max(REST_MS, quietTimeMs(settings));
  const onRest = () => {
    if (!turn.busy()) unlessMore(() => answer(talk.rest?.(clock()) ?? [], Math.max(restMs, quietMs)));
  };
  const breath = setTimeout(onRest, restMs);
  const stop = () => {
    open = false;
    turn.stop();
    clearTimeout(pause);
    clearTimeout(breath);
  };

  line.listen({
    onBytes(bytes) {
      const atMs = clock();
      arrivals++;
      turn.heard(atMs);
      pause.refresh();
      breath.refresh();
      answer(talk.hear(bytes, atMs), quietMs);
    },
    onGone(error) {
      stop();
      gone(error);
    },
  });
  return {
    close() {
      stop();
      line.close();
    },
  };
}

/** Serves the line until it is closed; a conversation begins with each opening. Never throws for a missing or lost port. */
export function serveLine(
  settings: Wire['settings'],
  { clock = monotonicMs, open = openSerial, onState }: LineHooks,
  begin: () => Conversation,
): Closable & { readonly times: AnswerTimes } {
  const times = answerTimes();
  const wire: Wire = { settings, begin, clock, times };
  const { close } = keepOpen(async (gone) => listenOn(await open(settings), wire, gone), onState);
  return { times, close };
}
