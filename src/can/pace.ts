import { type CanFrame, frameKey } from '../model/can-frame.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';

/** A pause longer than this between two frames of a batch means that we were stalled: the rest is old news. */
const STALLED_MS = 1000;

export interface PaceOptions {
  /** Least time between any two frames; an MCP2515 needs 5 ms (CAN reference, section 14). */
  readonly gapMs: number;
  /** Least time between two frames of one id, 0 for none; SMA 200 ms (CAN reference, section 5). */
  readonly minGapMs: number;
  readonly send: (frame: CanFrame) => boolean;
  readonly clock: Clock;
  readonly after: After;
}

/** Sends the frames of one image one after the other, never blocking, each once, whether the queue takes it or not. */
export interface Pace {
  /** Behind what still waits. The bytes are copied here, once. */
  readonly say: (frames: readonly CanFrame[]) => void;
  /** Of a newer image: first the frames that differ from the ones last sent, then those that still waited. */
  readonly interrupt: (frames: readonly CanFrame[]) => void;
  readonly busy: () => boolean;
  /** Forgets what waits. */
  readonly hush: () => void;
}

/** A frame's place in the image. Multiplexed frames repeat an id, so the place is the id and its how-manieth. */
interface Slot {
  readonly key: string;
  readonly frame: CanFrame;
}

function slotsOf(frames: readonly CanFrame[]): Slot[] {
  const seen = new Map<string, number>();
  return frames.map((frame) => {
    const id = frameKey(frame);
    const nth = seen.get(id) ?? 0;
    seen.set(id, nth + 1);
    return { key: `${id}/${nth}`, frame: { ...frame, data: frame.data.slice() } };
  });
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

export function createPace({ gapMs, minGapMs, send, clock, after }: PaceOptions): Pace {
  const last = new Map<string, { readonly data: Uint8Array; readonly atMs: number }>();
  let waiting: readonly Slot[] = [];
  let spokeAtMs = Number.NEGATIVE_INFINITY;
  let wakeAtMs = Number.POSITIVE_INFINITY;
  let cancel = () => {};

  const readyAtMs = ({ key }: Slot) => (last.get(key)?.atMs ?? Number.NEGATIVE_INFINITY) + minGapMs;
  const differs = ({ key, frame }: Slot) => !sameBytes(last.get(key)?.data ?? new Uint8Array(9), frame.data);

  /** Time counts from when the frame was handed over, for that itself can take a while. */
  function speak(slot: Slot): void {
    waiting = waiting.filter((other) => other !== slot);
    const taken = send(slot.frame);
    spokeAtMs = clock();
    if (taken) last.set(slot.key, { data: slot.frame.data, atMs: spokeAtMs });
  }

  /** Sends what may go now and sleeps until the next may. A frame held back by its own id lets others pass. */
  function go(): void {
    cancel();
    for (let slot = waiting[0]; slot; slot = waiting[0]) {
      const nowMs = clock();
      const next = waiting.reduce(
        (a, b) => (readyAtMs(b) < readyAtMs(a) && readyAtMs(a) > nowMs ? b : a),
        slot,
      );
      wakeAtMs = Math.max(spokeAtMs + gapMs, readyAtMs(next));
      if (wakeAtMs > nowMs) {
        cancel = after(wakeAtMs - nowMs, wake);
        return;
      }
      speak(next);
    }
  }

  function wake(): void {
    if (clock() - wakeAtMs > STALLED_MS) waiting = [];
    go();
  }

  return {
    say(frames) {
      waiting = [...waiting, ...slotsOf(frames)];
      go();
    },
    interrupt(frames) {
      const slots = slotsOf(frames);
      const waited = new Set(waiting.map(({ key }) => key));
      waiting = [...slots.filter(differs), ...slots.filter((s) => !differs(s) && waited.has(s.key))];
      go();
    },
    busy: () => waiting.length > 0,
    hush() {
      waiting = [];
      cancel();
    },
  };
}
