import { describe, expect, test } from 'vitest';
import { PendingEvents } from '../../src/history/pending-events.ts';
import { acknowledgeIn } from '../../src/history/reader.ts';
import { told } from './bank.ts';
import { DAY_MS, MORNING_MS, Room } from './room.ts';

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
    room.event({ id: 'r-1', beganAtMs: 10_000, peak, endedAtMs: 30_000, became: 'battery_lost' });
    expect(room.events()).toEqual([
      { ...begun, beganS: 10, endedS: 30, peak, became: 'battery_lost', snapshot: '{"voltage_V":52}' },
    ]);
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

  test.for([3, -3])(
    'last as long as they did where the clock was set by %i days meanwhile',
    (days, context) => {
      const room = new Room(context);
      room.runs(10_000);
      room.event({ id: 'r-1' });
      room.apartMs += days * DAY_MS;
      room.atMs = 30_000;
      room.event({ id: 'r-1', beganAtMs: 10_000, endedAtMs: 30_000 });
      const setS = (days * DAY_MS) / 1000;
      expect(room.events()).toMatchObject([{ id: 'r-1', beganS: setS + 10, endedS: setS + 30 }]);
    },
  );

  test.for([14, -3])(
    'that last have the date of the clock that was set by %i days meanwhile, though the gateway is killed before they end',
    (days, context) => {
      const room = new Room(context);
      room.apartMs -= days * DAY_MS;
      room.runs(10_000);
      room.event({ id: 'r-1' });
      room.event({ id: 'r-2', endedAtMs: 10_000 });
      room.runs(50_000);
      room.apartMs += days * DAY_MS;
      room.runs(80_000);
      room.restarts('killed');
      const events = room.events();
      expect(events.find(({ id }) => id === 'r-1')).toMatchObject({
        beganS: 10,
        endedS: 120,
        endedBy: 'restart',
        snapshot: '{"voltage_V":52}',
      });
      expect(events.find(({ id }) => id === 'r-2')?.beganS).toBe(10 - (days * DAY_MS) / 1000);
    },
  );

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

  test('of which one has no moment are written without that one', (context) => {
    const room = new Room(context);
    room.event({ id: 'r-1', beganAtMs: Number.NaN });
    room.event({ id: 'r-2' });
    expect(room.events()).toMatchObject([{ id: 'r-2' }]);
    expect(room.said).toEqual([]);
  });

  test('that begin together have one picture of the bank', () => {
    let made = 0;
    const pending = new PendingEvents(() => ++made);
    const at = (evaluatedAtMs: number) => pending.state(told({ atMs: evaluatedAtMs }));
    at(0);
    for (let i = 0; i < 64; i++)
      pending.event({ id: `r-${i}`, kind: 'battery_lost', subject: `p${i}`, text: 'lost', beganAtMs: 500 });
    at(1000);
    at(2000);
    expect(pending.kept((atMs) => atMs).map(({ snapshot }) => snapshot)).toEqual(Array(64).fill('1'));
    expect(made).toBe(1);
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

  test('stay acknowledged, and begin when they began, where they go on over a restart of the gateway', (context) => {
    const room = new Room(context);
    room.event({ id: 'r-1' });
    const anna = { by: 'anna', atMs: MORNING_MS };
    acknowledgeIn(room.path, 'r-1', anna);
    room.runs(10_000);
    const lasting = {
      id: 'r-1',
      kind: 'battery_stale',
      subject: 'a',
      text: 'a is stale',
      beganAtMs: 0,
    } as const;
    room.restarts('properly', [lasting]);
    const [event, ...others] = room.events();
    expect([event, others]).toMatchObject([{ id: 'r-1', beganS: 0, acknowledged: anna }, []]);
    expect(event?.endedS).toBeUndefined();
  });
});
