// Keeps the history of a running gateway: gathers, writes once a minute, and goes on without a disk until there is one again.
import type { BankState } from '../model/bank-state.ts';
import type { BankEvent } from '../model/events.ts';
import type { Clock } from '../model/freshness.ts';
import type { Minute } from './columns.ts';
import { Gather } from './gather.ts';
import { PendingEvents } from './pending-events.ts';
import type { HistoryDisk, HistoryStore, Keeping } from './store.ts';
import { TrustedClock } from './trusted-clock.ts';

export interface KeeperOptions {
  readonly keeping: Keeping;
  /** Monotonic, and the wall clock, ms since 1970. */
  readonly clock: Clock;
  readonly wall: () => number;
  /** The bank as it is kept with an event, for JSON. */
  readonly snapshot: (state: BankState) => unknown;
  /** Why nothing is written, one sentence; undefined when it is again. */
  readonly stopped: (why: string | undefined) => void;
  /** A broken file was moved aside, one sentence. */
  readonly begunAnew: (text: string) => void;
  /** For the log. */
  readonly say: (text: string) => void;
}

/** From one failure to the next try. */
const PATIENCE_MS = [10_000, 30_000, 60_000, 120_000, 300_000] as const;
/** What may wait for a disk: an hour of 64 batteries. */
const MOST_MINUTES = 60 * 65;
const DROP_EVERY_MS = 3_600_000;

export class HistoryKeeper {
  readonly #options: KeeperOptions;
  readonly #time: TrustedClock;
  readonly #gather: Gather;
  readonly #events: PendingEvents;
  #minutes: Minute[] = [];
  #disk: HistoryDisk | undefined;
  #store: HistoryStore | undefined;
  #openIds: readonly string[] | undefined = [];
  #failures = 0;
  #tryAtMs = Number.NEGATIVE_INFINITY;
  #dropAtMs = Number.NEGATIVE_INFINITY;
  #waitsForClock = false;
  #steadySinceMs = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#time = new TrustedClock(options.clock, options.wall);
    this.#gather = new Gather((atMs) => this.#time.of(atMs));
    this.#events = new PendingEvents(options.snapshot);
  }

  /** Until there is a disk, all is gathered. */
  begin(disk: HistoryDisk): void {
    this.#disk = disk;
  }

  state(state: BankState): void {
    this.#gather.take(state);
    this.#events.state(state);
  }

  event(event: BankEvent): void {
    this.#events.event(event);
  }

  /** What lasts in the gateway as this process begins: what the file has open beside these is over. */
  open(events: readonly BankEvent[]): void {
    this.#openIds = events.map(({ id }) => id);
    for (const event of events) this.#events.event(event);
  }

  /** Once a second. Events are written each time, minutes when they are over; then one small step of tidying. */
  pulse(): void {
    const wallMs = this.#believed();
    const isSettled = this.#time.isSettled();
    if (this.#time.steadySinceMs !== this.#steadySinceMs) this.#events.putDownAnew();
    this.#steadySinceMs = this.#time.steadySinceMs;
    if (wallMs === undefined) return;
    this.#minutes = [...this.#minutes, ...this.#gather.closed(wallMs)].slice(-MOST_MINUTES);
    if (this.#options.clock() < this.#tryAtMs) return;
    this.#try(wallMs, (store) => {
      this.#write(store, wallMs);
      if (!store.rollUp(wallMs) && isSettled) this.#dropOld(store, wallMs);
    });
  }

  /** Writes all that there is, half a minute too; once. */
  end(): void {
    const wallMs = this.#believed();
    if (wallMs !== undefined) {
      this.#minutes.push(...this.#gather.all());
      this.#try(wallMs, (store) => this.#write(store, wallMs));
    }
    this.#close();
    this.#disk = undefined;
  }

  #believed(): number | undefined {
    const wallMs = this.#time.now();
    const waits = wallMs === undefined;
    if (waits && !this.#waitsForClock)
      this.#options.say('history is not written until the clock is set; see `timedatectl`');
    this.#waitsForClock = waits;
    return wallMs;
  }

  #write(store: HistoryStore, wallMs: number): void {
    if (this.#openIds) store.endOthers([...this.#openIds, ...this.#events.ids()], wallMs);
    this.#openIds = undefined;
    if (this.#events.size) store.writeEvents(this.#events.kept((atMs) => this.#time.of(atMs) ?? wallMs));
    this.#events.written();
    if (this.#minutes.length) store.writeMinutes(this.#minutes);
    this.#minutes = [];
  }

  #dropOld(store: HistoryStore, wallMs: number): void {
    const nowMs = this.#options.clock();
    if (nowMs < this.#dropAtMs) return;
    if (!store.dropOld(wallMs, this.#options.keeping)) this.#dropAtMs = nowMs + DROP_EVERY_MS;
  }

  #try(wallMs: number, work: (store: HistoryStore) => void): void {
    if (!this.#disk) return;
    try {
      this.#store ??= this.#disk.open();
      work(this.#store);
      if (this.#failures) this.#options.stopped(undefined);
      this.#failures = 0;
    } catch (error) {
      this.#failed(this.#disk, error, wallMs);
    }
  }

  #failed(disk: HistoryDisk, error: unknown, wallMs: number): void {
    this.#close();
    const aside = moved(disk, error, wallMs);
    if (aside) {
      this.#options.begunAnew(`${disk.trouble(error)}; it lies at ${aside} now, a new history begins`);
      this.#events.putDownAnew();
    } else this.#options.stopped(`history is not written: ${disk.trouble(error)}`);
    const waitMs = PATIENCE_MS[Math.min(this.#failures, PATIENCE_MS.length - 1)] ?? 0;
    // The first new file is made at once; if that one breaks too, there is time to look at the disk.
    this.#tryAtMs = this.#options.clock() + (aside && this.#failures === 0 ? 0 : waitMs);
    this.#failures++;
  }

  #close(): void {
    try {
      this.#store?.close();
    } catch {
      // What is committed is in the file; there is nothing to be done for the rest.
    }
    this.#store = undefined;
  }
}

/** Where a broken file lies now; undefined when it is not broken, or cannot be moved. */
function moved(disk: HistoryDisk, error: unknown, wallMs: number): string | undefined {
  try {
    return disk.setAside(error, wallMs);
  } catch {
    return undefined;
  }
}
