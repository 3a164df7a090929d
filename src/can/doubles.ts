// Frames that bear an id of ours and are not ours: another battery speaks on the bus. What this machine sends comes back to each
// of its sockets, so ours are known by their bytes. It has no socket and no clock.
import { type CanFrame, frameKey } from '../model/can-frame.ts';

/** What we sent is told once a second, and then goes from process to process. */
const TOLD_WITHIN_MS = 5000;
/** More than the kernel's queue holds, which an inverter that is switched on gets at once, as old as it is. */
const KEPT_CONTENTS = 64;
const MOST_WAITING = 1024;
/** Seconds in which one came: what was queued before anybody looked leaves in one burst. */
const LEAST_SECONDS = 5;
/** Of a battery that fell silent for so long nothing is said any more. */
const OVER_MS = 30_000;

export interface Double extends CanFrame {
  readonly count: number;
  readonly lastAtMs: number;
}

interface Waiting {
  readonly frame: CanFrame;
  readonly atMs: number;
}

interface Found {
  last: CanFrame;
  count: number;
  lastAtMs: number;
  seconds: number;
}

export interface Doubles {
  /** We sent it. */
  readonly sent: (frame: CanFrame) => void;
  /** It was on the bus, whoever sent it. */
  readonly heard: (frame: CanFrame, atMs: number) => void;
  readonly isOurs: (frame: Pick<CanFrame, 'id' | 'extended'>) => boolean;
  /** Some of what we sent may not have been told: it begins anew. */
  readonly missed: (nowMs: number) => void;
  readonly look: (nowMs: number) => readonly Double[];
}

const secondOf = (atMs: number): number => Math.floor(atMs / 1000);

const bytesOf = ({ data }: CanFrame): string => data.join();

export function doubles(startedAtMs: number): Doubles {
  /** What was sent as each id, newest last. */
  const contents = new Map<string, string[]>();
  const found = new Map<string, Found>();
  let waiting: Waiting[] = [];
  /** What came before may be ours without our having been told. */
  let sinceMs = startedAtMs + TOLD_WITHIN_MS;

  function judge({ frame, atMs }: Waiting): void {
    const key = frameKey(frame);
    if (contents.get(key)?.includes(bytesOf(frame))) return;
    const before = found.get(key) ?? {
      last: frame,
      count: 0,
      lastAtMs: Number.NEGATIVE_INFINITY,
      seconds: 0,
    };
    const isAnother = secondOf(atMs) !== secondOf(before.lastAtMs);
    found.set(key, {
      last: frame,
      count: before.count + 1,
      lastAtMs: atMs,
      seconds: before.seconds + (isAnother ? 1 : 0),
    });
  }

  return {
    sent(frame) {
      const key = frameKey(frame);
      const bytes = bytesOf(frame);
      const others = (contents.get(key) ?? []).filter((one) => one !== bytes);
      contents.set(key, [...others.slice(1 - KEPT_CONTENTS), bytes]);
    },
    isOurs: (frame) => contents.has(frameKey(frame)),
    heard(frame, atMs) {
      if (atMs >= sinceMs && waiting.length < MOST_WAITING) waiting.push({ frame, atMs });
    },
    missed(nowMs) {
      waiting = [];
      found.clear();
      sinceMs = nowMs + TOLD_WITHIN_MS;
    },
    look(nowMs) {
      const due = waiting.filter(({ atMs }) => nowMs - atMs >= TOLD_WITHIN_MS);
      waiting = waiting.filter(({ atMs }) => nowMs - atMs < TOLD_WITHIN_MS);
      for (const one of due) judge(one);
      for (const [key, { lastAtMs }] of found) if (nowMs - lastAtMs > OVER_MS) found.delete(key);
      return Array.from(found.values())
        .filter(({ seconds }) => seconds >= LEAST_SECONDS)
        .map(({ last, count, lastAtMs }) => ({ ...last, count, lastAtMs }));
    },
  };
}
