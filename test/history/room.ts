// A gateway that keeps a history, and its clocks, cranked by hand.
import type { TestContext } from 'vitest';
import { HistoryKeeper } from '../../src/history/keeper.ts';
import { readHistory } from '../../src/history/reader.ts';
import { sqliteDisk } from '../../src/history/sqlite-store.ts';
import type { HistoryDisk } from '../../src/history/store.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { minutesIn, told } from './bank.ts';
import { historyPath } from './folder.ts';

export const DAY = Date.UTC(2026, 10, 21) / 86_400_000;
export const MORNING_MS = Date.UTC(2026, 10, 21, 8);
/** The minute of that day in which the gateway starts. */
export const EIGHT = 480;
export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

export class Room {
  atMs = 0;
  /** Of the wall clock over the monotonic one. */
  apartMs = MORNING_MS;
  readonly path: string;
  readonly said: string[] = [];
  #keeper: HistoryKeeper;
  #disk: HistoryDisk;

  constructor(context: TestContext, disk: (path: string) => HistoryDisk = sqliteDisk) {
    this.path = historyPath(context);
    this.#disk = disk(this.path);
    this.#keeper = this.#kept();
  }

  #kept(): HistoryKeeper {
    const keeper = new HistoryKeeper({
      keeping: { keepMs: 400 * DAY_MS, minutesMs: 35 * DAY_MS },
      clock: () => this.atMs,
      wall: () => this.atMs + this.apartMs,
      snapshot: ({ signals }) => ({ voltage_V: signals.voltageV }),
      stopped: (why) => this.said.push(why ?? 'written again'),
      begunAnew: (text) => this.said.push(text),
      say: (text) => this.said.push(text),
    });
    keeper.begin(this.#disk);
    return keeper;
  }

  /** Batteries speak each 5 s, and the history looks each second. */
  runs(forMs: number, currentA = 10): void {
    for (const endMs = this.atMs + forMs; this.atMs < endMs; this.atMs += 1000) {
      if (this.atMs % 5000 === 0) this.#keeper.state(told({ atMs: this.atMs, currentA }));
      this.#keeper.pulse();
    }
  }

  event(event: Pick<BankEvent, 'id'> & Partial<BankEvent>): void {
    this.#keeper.event({
      kind: 'battery_stale',
      subject: 'a',
      text: 'a is stale',
      beganAtMs: this.atMs,
      ...event,
    });
    this.#keeper.pulse();
  }

  /** As `systemctl restart` does it, or as `kill -9` does. */
  restarts(how: 'properly' | 'killed', open: readonly BankEvent[] = []): void {
    if (how === 'properly') this.#keeper.end();
    this.#keeper = this.#kept();
    this.#keeper.open(open);
    this.#keeper.pulse();
  }

  ends(): void {
    this.#keeper.end();
  }

  minutes(column: 'current_A' | 'energy_charged_kWh' = 'current_A', day = DAY) {
    return minutesIn(this.path, day, column, 'a');
  }

  course() {
    const reader = readHistory(this.path);
    const [fromMs, toMs] = [MORNING_MS, MORNING_MS + 60 * MINUTE_MS];
    const course = reader.course({ battery: 'a', fromMs, toMs, columns: ['current_A'], points: 60 });
    reader.close();
    return course;
  }

  events() {
    const reader = readHistory(this.path);
    const all = reader.events({ most: 100 });
    reader.close();
    return all.map(({ beganMs, endedMs, ...event }) => ({
      ...event,
      beganS: (beganMs - MORNING_MS) / 1000,
      ...(endedMs !== undefined && { endedS: (endedMs - MORNING_MS) / 1000 }),
    }));
  }
}
