import type { Timers } from '../../src/model/timers.ts';

/** A clock that only a test's hand turns. */
export interface Crank extends Timers {
  /** Turns to this moment; every timer on the way rings at its own time, and what it starts is let run. */
  readonly to: (ms: number) => Promise<void>;
  readonly by: (ms: number) => Promise<void>;
  /** The loop stands still: time goes by and nothing rings; what is due by then rings late, in its order. */
  readonly stall: (ms: number) => Promise<void>;
  /** Alarms that have not rung yet. */
  readonly pending: () => number;
}

interface Alarm {
  readonly atMs: number;
  readonly act: () => void;
}

/** Lets every promise that can go on do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

export function crank(): Crank {
  let nowMs = 0;
  let alarms: Alarm[] = [];

  const after = (ms: number, act: () => void) => {
    const alarm = { atMs: nowMs + Math.max(0, ms), act };
    alarms.push(alarm);
    return () => {
      alarms = alarms.filter((a) => a !== alarm);
    };
  };

  const nextBy = (ms: number) => alarms.filter((a) => a.atMs <= ms).sort((a, b) => a.atMs - b.atMs)[0];

  const to = async (ms: number) => {
    await settle();
    for (let next = nextBy(ms); next; next = nextBy(ms)) {
      const ringing = next;
      alarms = alarms.filter((a) => a !== ringing);
      nowMs = Math.max(nowMs, ringing.atMs);
      ringing.act();
      await settle();
    }
    nowMs = ms;
  };

  const stall = (ms: number) => {
    nowMs += ms;
    return to(nowMs);
  };

  return { now: () => nowMs, after, to, by: (ms) => to(nowMs + ms), stall, pending: () => alarms.length };
}
