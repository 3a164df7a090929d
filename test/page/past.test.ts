import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { columnNames } from '../../src/history/columns.ts';
import type { PastCourse, PastEvent } from '../../src/model/api/past.ts';
import { durationMs, listOf, olderThan, subjectsOf, withLive } from '../../src/page/events/event-list.ts';
import { barHeights, snapshotView } from '../../src/page/events/snapshot.ts';
import { allColumns, sumOf } from '../../src/page/history/charts.ts';
import { gapsOf } from '../../src/page/history/gaps.ts';
import { neighbour, windowEnding } from '../../src/page/history/spans.ts';

const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterEach(() => {
  process.env.TZ = zone;
});

const HOUR = 3_600_000;
const local = (text: string): number => new Date(text).getTime();

describe('the stretch of time that a chart shows', () => {
  test('a week over the end of summer time keeps its time of day', () => {
    const { fromMs, toMs } = windowEnding('week', local('2026-10-28T09:00'));
    expect(new Date(fromMs).getHours()).toBe(9);
    expect(toMs - fromMs).toBe(7 * 24 * HOUR + HOUR);
  });

  test('the last 24 hours are 24 hours, whatever the clocks do', () => {
    const { fromMs, toMs } = windowEnding('day', local('2026-03-29T12:00'));
    expect(toMs - fromMs).toBe(24 * HOUR);
  });

  test('an hour is an hour', () => {
    const { fromMs, toMs } = windowEnding('hour', local('2026-10-25T02:30'));
    expect(toMs - fromMs).toBe(HOUR);
  });

  test('a year before a leap day is the last of February', () => {
    const { fromMs } = windowEnding('year', local('2028-02-29T12:00'));
    expect(fromMs).toBe(local('2027-02-28T12:00'));
  });

  test('goes back by itself, and forward never beyond now', () => {
    const now = local('2026-11-28T12:00');
    const before = neighbour('day', windowEnding('day', now), -1, now);
    expect(before.toMs).toBe(now - 24 * HOUR);
    expect(neighbour('month', before, 1, now).toMs).toBe(now);
  });
});

const MIN = 60_000;
const course = (
  minutes: readonly number[],
  covered: readonly number[] = minutes.map(() => MIN),
): PastCourse => ({
  step_ms: MIN,
  at_ms: minutes.map((minute) => minute * MIN),
  covered_ms: covered,
  values: { soc_pct: minutes.map((minute) => 50 + minute) },
});
const hour = { fromMs: 0, toMs: 10 * MIN };

describe('gaps', () => {
  test('are where steps are missing, at both ends too', () => {
    expect(gapsOf(course([2, 3, 6]), hour)).toEqual([
      { fromMs: 0, toMs: 2 * MIN },
      { fromMs: 4 * MIN, toMs: 6 * MIN },
      { fromMs: 7 * MIN, toMs: 10 * MIN },
    ]);
  });

  test('and where less than half of a step was measured', () => {
    const thin = course(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [6, 6, 2, 6, 6, 6, 6, 6, 6, 6].map((s) => s * 10_000),
    );
    expect(gapsOf(thin, hour)).toEqual([{ fromMs: 2 * MIN, toMs: 3 * MIN }]);
  });

  test('the step that is being gathered is none', () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const covered = all.map((i) => (i === 9 ? 1000 : MIN));
    expect(gapsOf(course(all, covered), { fromMs: 0, toMs: 9.5 * MIN })).toEqual([]);
  });

  test('of nothing at all the whole window is one', () => {
    expect(gapsOf(course([]), hour)).toEqual([hour]);
  });
});

describe('the charts', () => {
  test('ask only for columns that the history has', () => {
    expect(allColumns.filter((name) => !(columnNames as readonly string[]).includes(name))).toEqual([]);
  });

  test('a sum of unknown values is unknown', () => {
    expect(sumOf([null, null])).toBeUndefined();
    expect(sumOf([null, 1.5, 2])).toBe(3.5);
  });
});

const event = (id: string, began_ms: number, more: Partial<PastEvent> = {}): PastEvent => ({
  id,
  kind: 'battery_stale',
  severity: 'warning',
  text: id,
  began_ms,
  ...more,
});
const all = { severity: 'all', subject: '', isOpenOnly: false } as const;

describe('the list of events', () => {
  test('has what lasts first, the most urgent on top, then day by day', () => {
    const { open, days } = listOf(
      [
        event('old', local('2026-11-20T23:30'), { ended_ms: local('2026-11-21T00:30') }),
        event('new', local('2026-11-21T00:10'), { ended_ms: local('2026-11-21T00:20') }),
        event('lasts', local('2026-11-19T08:00')),
        event('burns', local('2026-11-18T08:00'), { severity: 'alarm' }),
      ],
      all,
    );
    expect(open.map(({ id }) => id)).toEqual(['burns', 'lasts']);
    expect(days.map(({ dayMs, events }) => [dayMs, events.map(({ id }) => id)])).toEqual([
      [local('2026-11-21T00:00'), ['new']],
      [local('2026-11-20T00:00'), ['old']],
    ]);
  });

  test('a filter for warnings keeps alarms', () => {
    const events = [event('i', 0, { severity: 'info' }), event('a', 1, { severity: 'alarm' })];
    expect(listOf(events, { ...all, severity: 'warning' }).open.map(({ id }) => id)).toEqual(['a']);
    expect(listOf([event('x', 0, { subject: 'b' })], { ...all, subject: 'a' }).open).toEqual([]);
  });

  test('are read page by page, all of them, also where many began in one moment', () => {
    const kept = Array.from({ length: 130 }, (_, i) =>
      event(`e${i}`, i < 40 || i >= 104 ? i : 40),
    ).toReversed();
    let read: readonly PastEvent[] = kept.slice(0, 50);
    for (let pages = 1; pages < 4; pages++) {
      const { toMs, most } = olderThan(read, 50);
      read = withLive(read, kept.filter(({ began_ms }) => began_ms < toMs).slice(0, most));
    }
    expect(read.map(({ id }) => id).sort()).toEqual(kept.map(({ id }) => id).sort());
  });

  test('what ends while one looks keeps its snapshot and acknowledgement', () => {
    const read = event('x', 5, { snapshot: { soc_pct: 50 }, acknowledged: { by: 'anna', at_ms: 9 } });
    const [merged] = withLive([read], [event('x', 5, { ended_ms: 8 })]);
    expect(merged).toMatchObject({ ended_ms: 8, snapshot: { soc_pct: 50 }, acknowledged: { by: 'anna' } });
  });

  test('a moment has no duration, what lasts has one until now', () => {
    expect(durationMs({ began_ms: 5, ended_ms: 5 }, 100)).toBeUndefined();
    expect(durationMs({ began_ms: 5 }, 100)).toBe(95);
  });

  test('names each subject once', () => {
    expect(
      subjectsOf([event('x', 0, { subject: 'b' }), event('y', 0, { subject: 'b' }), event('z', 0)]),
    ).toEqual(['b']);
  });
});

describe('the snapshot of an event', () => {
  test('shows cells, with a dash where one said nothing', () => {
    const view = snapshotView({
      voltage_V: 52.1,
      packs: [{ id: 'a', cell_voltages_V: [3.3, null, 3.4] }],
      notices: ['a guess'],
    });
    expect(view?.packs[0]?.cells_V).toEqual([3.3, null, 3.4]);
    expect(view?.signals).toEqual([['voltage_V', 52.1]]);
    const [low, none, high] = barHeights([3.3, null, 3.4], [3.3, null, 3.4]);
    expect(none).toBeNull();
    expect([low, high].map((one) => one?.toFixed(3))).toEqual(['0.143', '0.857']);
  });

  test('of another shape breaks nothing', () => {
    for (const odd of [undefined, null, 'x', [], { packs: 'no', notices: [1], voltage_V: 'x' }])
      expect(() => snapshotView(odd)).not.toThrow();
    expect(snapshotView({ packs: [null, 4] })?.packs).toEqual([]);
  });
});
