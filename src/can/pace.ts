import { type CanFrame, frameKey } from '../model/can-frame.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';

/** A pause longer than this between two frames of a batch means that we were stalled: the rest is old news. */
const STALLED_MS = 1000;

export interface PaceOptions {
  /** Least time between any two frames; an MCP2515 needs 5 ms (CAN reference, section 14). */
  readonly gapMs: number;
  /** Least time between two frames of one id that nobody asked for, 0 for none; SMA 200 ms (CAN reference, section 5). */
  readonly minGapMs: number;
  /** Tells the contents apart that share an id; without it the id alone. */
  readonly keyOf?: ((frame: CanFrame) => string) | undefined;
  readonly send: (frame: CanFrame) => boolean;
  readonly clock: Clock;
  readonly after: After;
}

/** Frames of one image. `groups` are what was asked for; none: they are of the beat. */
export interface Batch {
  readonly groups: readonly string[];
  readonly frames: readonly CanFrame[];
}

/** Sends frames one after the other, never blocking, each once, whether the queue takes it or not. */
export interface Pace {
  /** Behind what still waits. The bytes are copied here, once. */
  readonly say: (batch: Batch) => void;
  /**
   * Of a newer image: first the frames of the beat that differ from the ones last sent, then what still waited, of the beat
   * and of answers. What waited and is not in the newer image is forgotten.
   */
  readonly interrupt: (beat: readonly CanFrame[], answers: readonly CanFrame[]) => void;
  /** True while frames of a beat wait. */
  readonly busy: () => boolean;
  /** The groups of which frames still wait. */
  readonly underway: () => readonly string[];
  /** Forgets what waits. */
  readonly hush: () => void;
}

interface Slot {
  readonly key: string;
  readonly frame: CanFrame;
  readonly groups: readonly string[];
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

const ofBeat = ({ groups }: Slot): boolean => groups.length === 0;

export function createPace({ gapMs, minGapMs, keyOf = frameKey, send, clock, after }: PaceOptions): Pace {
  const last = new Map<string, { readonly data: Uint8Array; readonly atMs: number }>();
  let waiting: readonly Slot[] = [];
  let spokeAtMs = Number.NEGATIVE_INFINITY;
  let wakeAtMs = Number.POSITIVE_INFINITY;
  let cancel = () => {};

  const slotsOf = ({ frames, groups }: Batch): Slot[] =>
    frames.map((frame) => ({ key: keyOf(frame), frame: { ...frame, data: frame.data.slice() }, groups }));
  /** Who asked does not wait for the distance that unasked repeats keep. */
  const readyAtMs = (slot: Slot) =>
    ((ofBeat(slot) ? last.get(slot.key) : undefined)?.atMs ?? Number.NEGATIVE_INFINITY) + minGapMs;
  const differs = ({ key, frame }: Slot) => !sameBytes(last.get(key)?.data ?? new Uint8Array(9), frame.data);

  /** Time counts from when the frame was handed over, for that itself can take a while. */
  function speak(slot: Slot): void {
    waiting = waiting.filter((other) => other !== slot);
    // Who answers while we still hand it over finds the bus taken, too.
    spokeAtMs = clock();
    const taken = send(slot.frame);
    spokeAtMs = clock();
    if (taken) last.set(slot.key, { data: slot.frame.data, atMs: spokeAtMs });
  }

  /** Sends what may go now and sleeps until the next may. A frame held back by its own id lets others pass. */
  function go(): void {
    for (let slot = waiting[0]; slot; slot = waiting[0]) {
      const nowMs = clock();
      const next = waiting.reduce(
        (a, b) => (readyAtMs(b) < readyAtMs(a) && readyAtMs(a) > nowMs ? b : a),
        slot,
      );
      wakeAtMs = Math.max(nowMs, spokeAtMs + gapMs, readyAtMs(next));
      cancel();
      if (wakeAtMs > nowMs) {
        cancel = after(wakeAtMs - nowMs, wake);
        return;
      }
      speak(next);
    }
  }

  /** Whoever comes first after a stall, the timer or somebody with news, throws away what waited through it. */
  function forgetOld(): void {
    if (clock() - wakeAtMs > STALLED_MS) waiting = [];
  }

  function wake(): void {
    forgetOld();
    go();
  }

  return {
    say(batch) {
      forgetOld();
      waiting = [...waiting, ...slotsOf(batch)];
      go();
    },
    interrupt(beat, answers) {
      const slots = slotsOf({ groups: [], frames: beat });
      const newBeat = new Map(slots.filter((slot) => !differs(slot)).map((slot) => [slot.key, slot.frame]));
      const newAnswers = new Map(slotsOf({ groups: [], frames: answers }).map((s) => [s.key, s.frame]));
      const waited = waiting.flatMap((slot) => {
        const frame = (ofBeat(slot) ? newBeat : newAnswers).get(slot.key);
        return frame ? [{ ...slot, frame }] : [];
      });
      waiting = [...slots.filter(differs), ...waited];
      go();
    },
    busy: () => waiting.some(ofBeat),
    underway: () => [...new Set(waiting.flatMap(({ groups }) => groups))],
    hush() {
      waiting = [];
      cancel();
    },
  };
}
