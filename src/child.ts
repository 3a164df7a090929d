import type { Every, Timers } from './model/timers.ts';
import type { ChildHealth } from './model/wire-health.ts';
import { every, realTimers } from './timers.ts';

/** What goes between the wires and a child; `ping`, `pong` and `stop` are this file's own. */
export interface Message {
  readonly type: string;
}

/** A running child as its keeper sees it. */
export interface Running {
  /** Never blocks. False when the channel holds as much as it should; `taken` then says when it is free again. */
  send(message: Message, taken: () => void): boolean;
  kill(): void;
}

/** Starts the child. `ended` comes exactly once for every call and never within it, also when nothing could be started. */
export type Start = (heard: (message: Message) => void, ended: (why: string) => void) => Running;

/** Also a pulse, for the pings. */
export type ChildTimers = Timers & { readonly every: Every };

export interface KeepOptions {
  /** `ear` or `office`, for the sentences. */
  readonly name: string;
  readonly start: Start;
  readonly heard: (message: Message) => void;
  /** Told of every end and every wedge, one sentence. */
  readonly report: (sentence: string) => void;
  readonly timers?: ChildTimers;
}

const PING_MS = 1000;
/**
 * With the fourth ping due, three lie unanswered: 3 to 4 s of silence. Counted, not timed, so a stall of ours kills nobody; and
 * long enough for the 2 s that the Bluetooth stack stands still when a unit goes out of reach while it is being connected.
 */
const SILENT_PINGS = 3;
/** A child that has not said anything yet is still loading: as many pings as a small board may need for that. */
const LOADING_PINGS = 10;
/** Where it was killed before its first word it gets twice as long: to start it over and over is what such a board bears least. */
const LONGEST_LOADING_PINGS = 40;
/** From one start to the next, by how often in a row the child has ended early. */
const GAPS_MS = [0, 1000, 2000, 4000];
/** A child that lived this long begins again at the first gap. */
const SETTLED_MS = 60_000;
const STOP_MS = 2000;

/**
 * Keeps one child process alive. Nothing here ever waits for the child: what it cannot take is dropped and counted, a
 * silent one is killed within 4 s, a dead one replaced at once, then with at most 4 s from start to start.
 */
export class KeptChild {
  /** Messages that no child took. */
  dropped = 0;
  /** Children that ended without being asked to. */
  replaced = 0;
  readonly #options: KeepOptions;
  readonly #timers: ChildTimers;
  #running: Running | undefined;
  #full = false;
  #orders: (() => Message) | undefined;
  #ordersDue = false;
  #answered = false;
  #silent = 0;
  #loadingPings = LOADING_PINGS;
  #early = 0;
  #startedAtMs = 0;
  #endPings = () => {};
  #endWait = () => {};
  #stopped: (() => void) | undefined;

  constructor(options: KeepOptions) {
    this.#options = options;
    this.#timers = options.timers ?? { ...realTimers, every };
  }

  start(): void {
    this.#endPings = this.#timers.every(PING_MS, () => this.#ping());
    this.#launch();
  }

  /** What the child is to do. Kept, and said again to each new child, as it is by then; only the newest counts. */
  order(orders: Message | (() => Message)): void {
    this.#orders = typeof orders === 'function' ? orders : () => orders;
    this.#ordersDue = true;
    this.#giveOrders();
  }

  /** False, and counted, when there is no child or it does not keep up. */
  send(message: Message): boolean {
    const sent = !this.#full && this.#hand(message);
    if (!sent) this.dropped++;
    return sent;
  }

  health(): ChildHealth {
    return { name: this.#options.name, replaced: this.replaced, dropped: this.dropped };
  }

  /** Asks politely, then kills after 2 s. Resolves when the child is gone. */
  stop(): Promise<void> {
    this.#endPings();
    this.#endWait();
    const child = this.#running;
    if (!child) return Promise.resolve();
    this.#hand({ type: 'stop' });
    this.#endWait = this.#timers.after(STOP_MS, () => child.kill());
    return new Promise((resolve) => {
      this.#stopped = resolve;
    });
  }

  #launch(): void {
    this.#startedAtMs = this.#timers.now();
    this.#answered = false;
    this.#silent = 0;
    this.#full = false;
    this.#ordersDue = true;
    this.#running = this.#options.start(
      (message) => this.#heard(message),
      (why) => this.#ended(why),
    );
    this.#giveOrders();
  }

  #heard(message: Message): void {
    this.#answered = true;
    this.#silent = 0;
    this.#loadingPings = LOADING_PINGS;
    if (message.type !== 'pong') this.#options.heard(message);
  }

  #ping(): void {
    const patience = this.#answered ? SILENT_PINGS : this.#loadingPings;
    if (this.#silent === patience)
      this.#options.report(`${this.#options.name} does not answer and is killed`);
    if (this.#silent >= patience) this.#running?.kill();
    this.#silent++;
    this.#hand({ type: 'ping' });
  }

  #giveOrders(): void {
    if (this.#orders && this.#ordersDue && !this.#full) this.#ordersDue = !this.#hand(this.#orders());
  }

  #hand(message: Message): boolean {
    const child = this.#running;
    if (!child) return false;
    this.#full = !child.send(message, () => {
      if (child !== this.#running) return;
      this.#full = false;
      this.#giveOrders();
    });
    return true;
  }

  #ended(why: string): void {
    if (!this.#answered && this.#silent >= this.#loadingPings)
      this.#loadingPings = Math.min(2 * this.#loadingPings, LONGEST_LOADING_PINGS);
    this.#running = undefined;
    this.#endWait();
    if (this.#stopped) this.#stopped();
    else this.#replace(why);
  }

  #replace(why: string): void {
    this.replaced++;
    const waitMs = this.#gapMs(this.#timers.now() - this.#startedAtMs);
    this.#options.report(`${this.#options.name} ended (${why}) and is replaced in ${Math.round(waitMs)} ms`);
    this.#endWait = this.#timers.after(waitMs, () => this.#launch());
  }

  #gapMs(livedMs: number): number {
    if (livedMs >= SETTLED_MS) this.#early = 0;
    const gap = GAPS_MS[Math.min(this.#early++, GAPS_MS.length - 1)] ?? 0;
    return Math.max(0, gap - livedMs);
  }
}
