import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DAY_MS, EIGHT, MINUTE_MS, MORNING_MS, Room } from './room.ts';

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

  test('has each minute once where the clock was set back, the fuller, and loses none', (context) => {
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
      [EIGHT + 3]: 10,
      [EIGHT + 4]: 20,
      [EIGHT + 5]: expect.any(Number),
    });
  });

  test.for([3, 20, 40, 90])('misses no minute where the clock was set back by %i s', (byS, context) => {
    const room = new Room(context);
    room.runs(3 * MINUTE_MS + 10_000);
    room.apartMs -= byS * 1000;
    room.runs(3 * MINUTE_MS);
    room.ends();
    const { atMs, coveredMs } = room.course();
    expect(atMs.map((at) => (at - MORNING_MS) / MINUTE_MS)).toEqual(atMs.map((_, i) => i));
    // The first begins with a moment, the last is cut.
    for (const covered of coveredMs.slice(0, -1)) expect(covered).toBeGreaterThanOrEqual(55_000);
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
