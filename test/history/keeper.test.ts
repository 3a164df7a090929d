import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { HistoryKeeper } from '../../src/history/keeper.ts';
import { acknowledgeIn, readHistory } from '../../src/history/reader.ts';
import { sqliteDisk } from '../../src/history/sqlite-store.ts';
import type { HistoryDisk } from '../../src/history/store.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { minutesIn, told } from './bank.ts';
import { historyPath } from './folder.ts';

const DAY = Date.UTC(2026, 10, 21) / 86_400_000;
const MORNING_MS = Date.UTC(2026, 10, 21, 8);
const EIGHT = 480;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A gateway that keeps a history, and its clocks, cranked by hand. */
class Room {
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

describe('the history of a running gateway', () => {
  test('has a row of each minute soon after its end', (context) => {
    const room = new Room(context);
    room.runs(64_000);
    expect(room.minutes()).toEqual({});
    room.runs(63_000, 20);
    // The value of 8:01:00 stands for the 5 s before it.
    expect(room.minutes()).toEqual({ [EIGHT]: 10, [EIGHT + 1]: expect.closeTo((10 * 5 + 20 * 55) / 60, 2) });
    expect(room.said).toEqual([]);
  });

  test('has one row of a minute that a restart cut in two, with the energy of both parts', (context) => {
    const room = new Room(context);
    room.runs(30_000, 10);
    room.restarts('properly');
    room.runs(40_000, 20);
    // 25 s at 10 A before the restart, 25 s at 20 A behind it; nobody saw the 5 s of the restart.
    expect(room.minutes()).toEqual({ [EIGHT]: 15 });
    expect(room.minutes('energy_charged_kWh')[EIGHT]).toBeCloseTo((52 * (10 * 25 + 20 * 25)) / 3.6e6, 6);
  });

  test('loses to a kill no more than the minute that was being gathered', (context) => {
    const room = new Room(context);
    room.runs(110_000, 10);
    room.restarts('killed');
    room.runs(100_000, 20);
    expect(room.minutes()).toEqual({ [EIGHT]: 10, [EIGHT + 1]: 20, [EIGHT + 2]: 20 });
  });

  test('has a hole where the clock was set forward', (context) => {
    const room = new Room(context);
    room.runs(2 * MINUTE_MS);
    room.apartMs += 10 * MINUTE_MS;
    room.runs(2 * MINUTE_MS + 10_000);
    expect(Object.keys(room.minutes()).map(Number)).toEqual([0, 1, 12, 13].map((n) => EIGHT + n));
  });

  test('has each minute once where the clock was set back, the latest, and loses none', (context) => {
    const room = new Room(context);
    room.runs(5 * MINUTE_MS + 10_000, 10);
    room.apartMs -= 2 * MINUTE_MS;
    room.runs(2 * MINUTE_MS, 20);
    room.ends();
    expect(room.minutes()).toEqual({
      [EIGHT]: 10,
      [EIGHT + 1]: 10,
      [EIGHT + 2]: 10,
      // It was 8:05:10, then 8:03:10: what is left of 8:03 does not fit beside the whole of it.
      [EIGHT + 3]: 20,
      [EIGHT + 4]: 20,
      [EIGHT + 5]: expect.any(Number),
    });
  });

  test('begins when the clock is set, and says once that it waits for that', (context) => {
    const room = new Room(context);
    room.apartMs = 0;
    room.event({ id: 'r-1' });
    room.runs(3 * MINUTE_MS);
    expect(existsSync(room.path)).toBe(false);
    room.apartMs = MORNING_MS;
    room.runs(70_000);
    expect(Object.keys(room.minutes()).map(Number)).toEqual([EIGHT + 3]);
    // An event that waited has its true moment, for that is known now.
    expect(room.events()).toMatchObject([{ id: 'r-1', beganS: 0 }]);
    expect(room.said).toEqual([expect.stringMatching(/until the clock is set/)]);
  });

  test('drops nothing while the clock may be wrong', (context) => {
    const room = new Room(context);
    room.runs(70_000);
    room.apartMs += 500 * DAY_MS;
    room.runs(9 * MINUTE_MS);
    expect(room.minutes()).toEqual({ [EIGHT]: 10 });
    room.runs(5 * MINUTE_MS);
    expect(room.minutes()).toEqual({});
  });
});

describe('the events of the history', () => {
  test('are there within a second, with the bank as it was, their worst and their end', (context) => {
    const room = new Room(context);
    room.runs(10_000);
    room.event({ id: 'r-1' });
    const begun = { id: 'r-1', kind: 'battery_stale', subject: 'a', severity: 'warning', text: 'a is stale' };
    expect(room.events()).toEqual([{ ...begun, beganS: 10, snapshot: '{"voltage_V":52}' }]);
    const peak = { quantity: 'max_cell_voltage_V', value: 3.61 };
    room.atMs = 20_000;
    room.event({ id: 'r-1', beganAtMs: 10_000, peak });
    room.atMs = 30_000;
    room.event({ id: 'r-1', beganAtMs: 10_000, peak, endedAtMs: 30_000 });
    expect(room.events()).toEqual([{ ...begun, beganS: 10, endedS: 30, peak, snapshot: '{"voltage_V":52}' }]);
  });

  test('that lasted when the gateway was killed ended with it, at the last moment that was written', (context) => {
    const room = new Room(context);
    room.runs(10_000);
    room.event({ id: 'r-1' });
    room.event({ id: 'r-2', kind: 'wire_down', subject: 'can0' });
    room.runs(60_000);
    room.atMs += DAY_MS;
    room.restarts('killed');
    expect(room.events()).toMatchObject([
      { id: 'r-1', endedS: 60, endedBy: 'restart' },
      { id: 'r-2', endedS: 60, endedBy: 'restart' },
    ]);
  });

  test('that last go on when the office alone was replaced', (context) => {
    const room = new Room(context);
    room.runs(10_000);
    room.event({ id: 'r-1' });
    room.event({ id: 'r-2', kind: 'wire_down', subject: 'can0' });
    room.restarts('killed', [
      { id: 'r-1', kind: 'battery_stale', subject: 'a', text: 'a is stale', beganAtMs: 10_000 },
    ]);
    const [first, second] = room.events();
    expect(first?.endedS).toBeUndefined();
    expect(second?.endedBy).toBe('restart');
  });

  test('are acknowledged once, and stay so', (context) => {
    const room = new Room(context);
    room.event({ id: 'r-1' });
    const anna = { by: 'anna', atMs: MORNING_MS };
    expect(acknowledgeIn(room.path, 'r-1', anna)).toBeUndefined();
    room.event({ id: 'r-1', beganAtMs: 0, endedAtMs: 5000 });
    expect(acknowledgeIn(room.path, 'r-1', { by: 'bert', atMs: 0 })).toEqual(anna);
    expect(room.events()).toMatchObject([{ acknowledged: anna, endedS: 5 }]);
    expect(acknowledgeIn(room.path, 'r-9', anna)).toBe('unknown');
  });
});

describe('a history whose disk fails', () => {
  /** A disk that can be taken away. */
  const failing = (path: string) => {
    const disk = sqliteDisk(path);
    const error = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    const here = { ...disk, isFull: false, tries: 0 };
    here.open = () => {
      const store = disk.open();
      const full = () => {
        here.tries++;
        if (here.isFull) throw error;
      };
      return {
        ...store,
        writeMinutes(rows) {
          full();
          store.writeMinutes(rows);
        },
        writeEvents(events) {
          full();
          store.writeEvents(events);
        },
      };
    };
    return here;
  };

  test('says so once, tries again more and more seldom, and then has what waited', (context) => {
    let disk: ReturnType<typeof failing> | undefined;
    const room = new Room(context, (path) => {
      disk = failing(path);
      return disk;
    });
    if (!disk) throw new Error('there is no disk');
    room.runs(70_000);
    disk.isFull = true;
    disk.tries = 0;
    room.runs(10 * MINUTE_MS);
    // At 2:05, then 10, 30, 60, 120, 300 s later.
    expect(disk.tries).toBe(6);
    room.event({ id: 'r-1' });
    expect(new Set(room.said)).toEqual(
      new Set([`history is not written: ${room.path}: database or disk is full; make room on the disk`]),
    );
    disk.isFull = false;
    room.runs(6 * MINUTE_MS);
    expect(room.said.at(-1)).toBe('written again');
    expect(Object.keys(room.minutes()).map(Number)).toEqual(Array.from({ length: 17 }, (_, n) => EIGHT + n));
    expect(room.events()).toMatchObject([{ id: 'r-1' }]);
  });

  test('moves a broken file aside, says where it lies, and begins a new one', (context) => {
    const room = new Room(context);
    writeFileSync(room.path, 'not a database '.repeat(1000));
    room.runs(70_000);
    expect(room.minutes()).toEqual({ [EIGHT]: 10 });
    expect(readdirSync(dirname(room.path))).toContain('history.db.corrupt-2026-11-21');
    expect(room.said[0]).toMatch(/not a database.*lies at .*corrupt-2026-11-21 now, a new history begins/);
  });

  test('finds a file that broke while it ran, and begins a new one', (context) => {
    const room = new Room(context);
    room.runs(70_000);
    room.ends();
    const size = 4096;
    // All but the first page, which says what the file is.
    writeFileSync(room.path, Buffer.alloc(20 * size, 0xa5), { flag: 'r+' });
    room.restarts('killed');
    room.runs(3 * MINUTE_MS);
    expect(room.said[0]).toMatch(/lies at .*corrupt-2026-11-21/);
    expect(Object.keys(room.minutes()).length).toBeGreaterThan(0);
  });

  test('does not touch a file that is another program’s', (context) => {
    const room = new Room(context);
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const theirs = new DatabaseSync(room.path);
    theirs.exec('CREATE TABLE photos (name)');
    theirs.close();
    room.runs(70_000);
    expect(room.said[0]).toMatch(/is not a history of bmsgate; move it away or name another file$/);
    expect(readdirSync(dirname(room.path)).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('says what to do about a folder that it may not write', (context) => {
    const room = new Room(context);
    chmodSync(dirname(room.path), 0o500);
    room.runs(1000);
    chmodSync(dirname(room.path), 0o700);
    expect(room.said[0]).toMatch(/make its folder writable for the user of the gateway/);
  });
});
