import type { CanFrame } from '../model/can-frame.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import { type Lateness, latenessMeter } from './jitter.ts';
import { createPace } from './pace.ts';

/** MCP2515: three transmit buffers and a short kernel queue (CAN reference, section 14). */
export const DEFAULT_GAP_MS = 5;

export interface BeatOptions {
  readonly everyMs: number;
  /** Least time between two frames of a batch, default 5 ms. */
  readonly gapMs?: number;
  /** Least time between two frames of the same id, default none. */
  readonly minGapMs?: number;
  /** Asked once per batch, so a batch is of one image. `undefined` is silence. */
  readonly frames: (nowMs: number) => readonly CanFrame[] | undefined;
  readonly send: (frame: CanFrame) => boolean;
  readonly clock: Clock;
  readonly after: After;
}

export interface BeatReport {
  readonly beats: number;
  /** Beats at which there was nothing true to say. */
  readonly silent: number;
  /** Beats left out because of a stall or because the batch before was not finished. */
  readonly skipped: number;
  /** Frames that the line did not take. */
  readonly unsent: number;
  /** When a beat was last attended: sent, silent on purpose, or its failure handled. */
  readonly attendedAtMs?: number;
  /** From deadline to first frame. */
  readonly lateness: Lateness;
}

export interface Beat {
  /** Sends at once the frames that changed since they were last sent; the rhythm goes on as before. */
  readonly urgent: () => void;
  /** Nothing is sent any more. */
  readonly stop: () => void;
  readonly report: () => BeatReport;
}

/** Speaks at start and then every `everyMs`, on deadlines counted from the start, so that nothing adds up to a drift. */
export function startBeat(options: BeatOptions): Beat {
  const { everyMs, gapMs = DEFAULT_GAP_MS, minGapMs = 0, frames, clock, after } = options;
  const meter = latenessMeter();
  const count = { beats: 0, silent: 0, skipped: 0, unsent: 0 };
  // Whole milliseconds, as Node's timers count.
  let deadlineMs = Math.ceil(clock());
  let unmeasuredMs: number | undefined;
  let attendedAtMs: number | undefined;
  let stopped = false;
  let cancel = () => {};

  const pace = createPace({ gapMs, minGapMs, clock, after, send });

  function send(frame: CanFrame): boolean {
    if (stopped) return false;
    if (unmeasuredMs !== undefined) meter.add(clock() - unmeasuredMs);
    unmeasuredMs = undefined;
    const taken = options.send(frame);
    if (!taken) count.unsent++;
    return taken;
  }

  function speak(nowMs: number): void {
    const batch = frames(nowMs);
    if (batch === undefined) count.silent++;
    else {
      count.beats++;
      unmeasuredMs = deadlineMs;
      pace.say(batch);
    }
  }

  function beat(nowMs: number): void {
    attendedAtMs = nowMs;
    if (pace.busy()) count.skipped++;
    else speak(nowMs);
    deadlineMs += everyMs;
  }

  /** After a stall the nearest deadline counts: missed beats are neither made up nor bunched. */
  function wake(): void {
    const nowMs = clock();
    const missed = Math.max(0, Math.round((nowMs - deadlineMs) / everyMs));
    count.skipped += missed;
    deadlineMs += missed * everyMs;
    if (nowMs >= deadlineMs) beat(nowMs);
    if (!stopped) cancel = after(deadlineMs - clock(), wake);
  }

  cancel = after(deadlineMs - clock(), wake);

  return {
    urgent() {
      if (stopped) return;
      const batch = frames(clock());
      if (batch) pace.interrupt(batch);
      else pace.hush();
    },
    stop() {
      stopped = true;
      cancel();
      pace.hush();
    },
    report: () => ({
      ...count,
      ...(attendedAtMs !== undefined && { attendedAtMs }),
      lateness: meter.read(),
    }),
  };
}
