import { spawn } from 'node:child_process';
import { sentence } from './model/errors.ts';
import { type Clock, monotonicMs } from './model/freshness.ts';
import type { Every } from './model/timers.ts';
import { every } from './timers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs `systemd-notify` with these assignments; `done` gets what went wrong, or nothing. */
type Helper = (assignments: readonly string[], done: (why?: string) => void) => void;

export interface SystemdOptions {
  /** Told once per trouble, one sentence. */
  readonly report: (sentence: string) => void;
  readonly env?: Environment;
  readonly helper?: Helper;
  readonly every?: Every;
  readonly clock?: Clock;
}

/** What the service manager is told (sd_notify(3)). Without NOTIFY_SOCKET all of it does nothing. */
export interface Systemd {
  /** Outputs are built and the loop runs. A missing BMS, inverter or wire is no reason to wait. */
  ready(): void;
  status(text: string): void;
  stopping(): void;
  /**
   * Sends WATCHDOG=1 at half of WATCHDOG_USEC, each time only while `healthy`: an evaluation ended and every wire was
   * attended (its beat sent or its failure handled). Returns the end of it.
   */
  watch(healthy: () => boolean): () => void;
}

const HELPER = { stdio: 'ignore', timeout: 5000, killSignal: 'SIGKILL' } as const;
const LOOK_AGAIN_MS = 1000;

/** Node has no unix datagram sockets, so systemd's own helper speaks for us (packages reference, section 10). */
const systemdNotify: Helper = (assignments, done) => {
  let why: string | undefined;
  try {
    spawn('systemd-notify', assignments, HELPER)
      .on('error', (error) => {
        why = error.message;
      })
      .on('close', (code) => done(why ?? (code === 0 ? undefined : `it ended with ${code ?? 'a time-out'}`)));
  } catch (error) {
    done(sentence(error));
  }
};

/** How often the watchdog wants to hear of us, ms; undefined when it does not watch this process. */
export function watchdogMs(env: Environment, pid = process.pid): number | undefined {
  const us = Number(env.WATCHDOG_USEC);
  const meant = env.WATCHDOG_PID === undefined || Number(env.WATCHDOG_PID) === pid;
  return us > 0 && meant ? us / 2000 : undefined;
}

export function openSystemd(options: SystemdOptions): Systemd {
  const { report, env = process.env, helper = systemdNotify, clock = monotonicMs } = options;
  const due = new Map<string, string>();
  const reported = new Set<string>();
  let busy = false;

  const once = (trouble: string): void => {
    if (!reported.has(trouble)) report(trouble);
    reported.add(trouble);
  };

  /** One helper at a time; what comes meanwhile waits, the newest word of each kind. A sign of life never waits for a retry. */
  const flush = (): void => {
    if (busy || due.size === 0) return;
    const told = new Map(due);
    due.clear();
    busy = true;
    helper(
      [...told].map(([key, value]) => `${key}=${value}`),
      (why) => {
        busy = false;
        if (why === undefined) return flush();
        once(`systemd was not told: systemd-notify: ${why}`);
        for (const [key, value] of told) if (key !== 'WATCHDOG' && !due.has(key)) due.set(key, value);
      },
    );
  };

  const tell = (key: string, value: string): void => {
    if (!env.NOTIFY_SOCKET) return;
    due.set(key, value);
    flush();
  };

  return {
    ready: () => tell('READY', '1'),
    status: (text) => tell('STATUS', text.replace(/\p{Cc}+/gu, ' ')),
    stopping: () => tell('STOPPING', '1'),
    watch(healthy) {
      const period = watchdogMs(env);
      if (period === undefined) return () => {};
      let fedAtMs = clock();
      let hungry = false;
      const lookMs = Math.min(LOOK_AGAIN_MS, period / 2);
      return (options.every ?? every)(lookMs, () => {
        // A timer that comes a little early must not cost a whole round.
        if (clock() - fedAtMs < period - lookMs / 2) return;
        const wasHungry = hungry;
        hungry = !healthy();
        if (hungry && !wasHungry) report('the watchdog is not fed: an evaluation or a wire is overdue');
        if (hungry) return;
        fedAtMs = clock();
        tell('WATCHDOG', '1');
      });
    },
  };
}
