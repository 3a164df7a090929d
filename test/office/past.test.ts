// The page asks the history while the gateway writes it.
import { describe, expect, test } from 'vitest';
import { heardEvents } from '../../src/office/heard-events.ts';
import { past } from '../../src/office/past.ts';
import { MINUTE_MS, MORNING_MS, Room } from '../history/room.ts';

const nobody = heardEvents(
  (ms) => ms,
  () => undefined,
);

describe('a history that is being written', () => {
  test('gives its course column by column, and refuses a column that it does not have', async (context) => {
    const room = new Room(context);
    room.runs(10 * MINUTE_MS);
    const { course } = past(room.path, nobody, Date.now);
    const span = { fromMs: MORNING_MS, toMs: MORNING_MS + 10 * MINUTE_MS, points: 100 };
    expect(await course({ ...span, columns: ['voltage_V'] })).toMatchObject({
      step_ms: MINUTE_MS,
      at_ms: expect.arrayContaining([MORNING_MS]),
    });
    expect(await course({ ...span, columns: ['voltage'] })).toEqual({
      why: 'the history has no column `voltage`',
    });
  });

  test('gives no more points than a chart bears, whoever asks for more', async (context) => {
    const room = new Room(context);
    room.runs(10 * MINUTE_MS);
    const { course } = past(room.path, nobody, Date.now);
    for (const points of [-1, 0, 1e9, Number.NaN]) {
      const found = await course({ fromMs: 0, toMs: Date.UTC(2100, 0), columns: ['soc_pct'], points });
      expect('at_ms' in found && found.at_ms.length).toBeLessThanOrEqual(2000);
    }
  });

  test('lists events newest first; one is acknowledged once', async (context) => {
    const room = new Room(context);
    room.event({ id: '1' });
    room.runs(MINUTE_MS);
    room.event({ id: '2', kind: 'bank_stale' });
    room.runs(MINUTE_MS);
    const { events, acknowledge } = past(room.path, nobody, () => 7);
    expect(await events({ most: 10 })).toMatchObject([{ id: '2' }, { id: '1', began_ms: MORNING_MS }]);
    expect(await acknowledge('1', 'anna')).toBeUndefined();
    expect(await acknowledge('1', 'ben')).toEqual({ why: 'anna has acknowledged it already' });
    expect(await acknowledge('9', 'ben')).toEqual({ why: 'there is no event `9`' });
    expect(await events({ most: 1 })).toHaveLength(1);
    expect(await events({ most: 10 })).toMatchObject([
      { id: '2' },
      { acknowledged: { by: 'anna', at_ms: 7 } },
    ]);
  });

  test('that is not there yet says so in a sentence', async () => {
    const { events } = past('/nowhere/history.db', nobody, Date.now);
    expect(await events({ most: 10 })).toEqual({ why: expect.stringContaining('is not there') });
  });
});
