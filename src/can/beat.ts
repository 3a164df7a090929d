import { type CanFrame, frameKey } from '../model/can-frame.ts';
import type { Clock } from '../model/freshness.ts';
import type { HistogramMs } from '../model/histogram.ts';
import type { After } from '../model/timers.ts';
import { latenessMeter } from './jitter.ts';
import { type Batch, createPace, type PaceOptions } from './pace.ts';

/** MCP2515: three transmit buffers and a short kernel queue (CAN reference, section 14). */
export const DEFAULT_GAP_MS = 5;

/** Who knows what there is to say at a moment; `undefined` is silence. */
export interface Speaker {
  /** What is due on this beat, asked once per beat. An opening comes first, as an answer to its groups. */
  readonly beat: (nowMs: number) => readonly Batch[] | undefined;
  /** Every frame that is sent unasked, as it is now. */
  readonly unasked: (nowMs: number) => readonly CanFrame[] | undefined;
  /** What these groups ask for; none of them ask for nothing, which can still be refused. */
  readonly answer: (groups: readonly string[], nowMs: number) => readonly CanFrame[] | undefined;
  /** The same answers once more, of which the rest shall be newer. */
  readonly renewed: (groups: readonly string[], nowMs: number) => readonly CanFrame[] | undefined;
}

export interface BeatOptions {
  readonly everyMs: number;
  /** The first deadline; without it now. */
  readonly firstAtMs?: number | undefined;
  /** Least time between two frames, default 5 ms. */
  readonly gapMs?: number;
  /** Least time between two frames of the same id that nobody asked for, default none. */
  readonly minGapMs?: number;
  readonly keyOf?: PaceOptions['keyOf'];
  readonly speaker: Speaker;
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
  readonly lateness: HistogramMs;
  /** The next deadline. */
  readonly nextAtMs: number;
  /** True while something still goes out. */
  readonly busy: boolean;
}

export interface Beat {
  /** Sends at once the frames that changed since they were last sent; the rhythm goes on as before. */
  readonly urgent: () => void;
  /**
   * Says at once what these groups ask for, but for those of which an answer still goes out. False when nothing may be said.
   */
  readonly answer: (groups: readonly string[]) => boolean;
  /** Beats now, and from now on counts its deadlines from here. */
  readonly restart: () => void;
  /** Nothing is sent any more. */
  readonly stop: () => void;
  readonly report: () => BeatReport;
}

/** Speaks at start and then every `everyMs`, on deadlines counted from the start, so that nothing adds up to a drift. */
export function startBeat(options: BeatOptions): Beat {
  const { everyMs, gapMs = DEFAULT_GAP_MS, minGapMs = 0, keyOf = frameKey, speaker, clock, after } = options;
  const meter = latenessMeter();
  const count = { beats: 0, silent: 0, skipped: 0, unsent: 0 };
  // Whole milliseconds, as Node's timers count.
  let deadlineMs = options.firstAtMs ?? Math.ceil(clock());
  let unmeasuredMs: number | undefined;
  let attendedAtMs: number | undefined;
  let stopped = false;
  let cancel = () => {};
  /** What the line did not take: a frame of a slow cadence would else be missing until its turn comes round. */
  const owed = new Set<string>();

  const pace = createPace({ gapMs, minGapMs, keyOf, clock, after, send });

  function send(frame: CanFrame): boolean {
    if (stopped) return false;
    if (unmeasuredMs !== undefined) meter.observe(clock() - unmeasuredMs);
    unmeasuredMs = undefined;
    const taken = options.send(frame);
    if (taken) owed.delete(keyOf(frame));
    else {
      owed.add(keyOf(frame));
      count.unsent++;
    }
    return taken;
  }

  /** Of what is owed, as it is now, that which this beat does not say anyway. */
  function madeUp(batches: readonly Batch[], nowMs: number): Batch[] {
    if (owed.size === 0) return [];
    const said = new Set(batches.flatMap(({ frames }) => frames.map(keyOf)));
    const isDue = (key: string) => owed.has(key) && !said.has(key);
    const frames = speaker.unasked(nowMs)?.filter((frame) => isDue(keyOf(frame))) ?? [];
    return frames.length > 0 ? [{ groups: [], frames }] : [];
  }

  function dueAt(nowMs: number): readonly Batch[] | undefined {
    const batches = speaker.beat(nowMs);
    return batches && [...batches, ...madeUp(batches, nowMs)];
  }

  function speak(nowMs: number): void {
    const batches = dueAt(nowMs);
    if (batches === undefined) count.silent++;
    else {
      count.beats++;
      if (batches.some(({ frames }) => frames.length > 0)) unmeasuredMs = deadlineMs;
      for (const batch of batches) pace.say(batch);
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
      const nowMs = clock();
      const frames = speaker.unasked(nowMs);
      if (frames) pace.interrupt(frames, speaker.renewed(pace.underway(), nowMs) ?? []);
      else pace.hush();
    },
    answer(groups) {
      if (stopped) return false;
      const underway = pace.underway();
      const open = groups.filter((group) => !underway.includes(group));
      const frames = speaker.answer(open, clock());
      if (frames && open.length > 0) pace.say({ groups: open, frames });
      return frames !== undefined;
    },
    restart() {
      if (stopped) return;
      cancel();
      pace.hush();
      deadlineMs = Math.floor(clock());
      wake();
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
      nextAtMs: deadlineMs,
      busy: pace.busy() || pace.underway().length > 0,
    }),
  };
}
