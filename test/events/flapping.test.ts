import { describe, expect, test } from 'vitest';
import { type Condition, newLedger } from '../../src/events/ledger.ts';
import { eventLine } from '../../src/events/line.ts';
import type { BankEvent } from '../../src/model/events.ts';

const HOUR_S = 3600;
const alarm: Condition = {
  kind: 'protection',
  alarm: 'cell_high_voltage',
  line: 'alarm',
  text: 'protection: cell high voltage of battery b',
};

/** A ledger that is looked at every second; gives what was told since the last time. */
function hours() {
  const told: BankEvent[] = [];
  const ledger = newLedger('run', (event) => told.push(event));
  let s = 0;
  return {
    ledger,
    pass(seconds: number, holds: (s: number) => boolean) {
      for (const end = s + seconds; s < end; s++) ledger.hold('bank', holds(s) ? [alarm] : [], s * 1000);
    },
    told: () => told.splice(0),
  };
}

describe('an alarm at the edge of its threshold', () => {
  test('that comes and goes every second for an hour is eleven pieces of news, and then one end', () => {
    const { pass, told } = hours();
    pass(HOUR_S, (s) => s % 2 === 0);
    const news = told();
    expect(news).toHaveLength(11);
    expect(new Set(news.map(({ id }) => id)).size).toBe(6);
    expect(news.map(eventLine).at(-1)).toMatchObject({
      level: 'error',
      text: 'alarm; it comes and goes',
    });
    pass(1200, () => false);
    const [end, ...more] = told();
    expect(end).toMatchObject({ id: news.at(-1)?.id, beganAtMs: 10_000, endedAtMs: 3_599_000 });
    expect(more).toEqual([]);
  });

  test('is open as long as it comes and goes', () => {
    const { ledger, pass } = hours();
    pass(HOUR_S, (s) => s % 300 < 10);
    pass(60, (s) => s % 60 === 0);
    expect(ledger.open()).toHaveLength(0);
    pass(60, (s) => s % 10 === 0);
    expect(ledger.open()).toMatchObject([{ kind: 'protection', flaps: true }]);
  });

  test('that comes a few times an hour is told each time', () => {
    const { pass, told } = hours();
    pass(HOUR_S, (s) => s % 600 < 30);
    expect(told()).toHaveLength(12);
  });

  test('does not hide another alarm', () => {
    const { ledger, pass, told } = hours();
    pass(60, (s) => s % 2 === 0);
    told();
    ledger.hold('bank', [{ ...alarm, alarm: 'short_circuit' }], 60_000);
    expect(told()).toMatchObject([{ alarm: 'short_circuit' }]);
  });
});

describe('what gets worse', () => {
  const rung = (kind: 'battery_late' | 'battery_stale' | 'battery_lost', subject = 'a'): Condition => ({
    kind,
    subject,
    text: `battery ${subject}`,
  });

  test('takes the place of what was there, whose end is nothing to be glad of', () => {
    const { ledger, told } = hours();
    ledger.hold('bank', [rung('battery_stale')], 0);
    ledger.hold('bank', [rung('battery_lost')], 45_000);
    ledger.hold('bank', [], 60_000);
    const lines = told().map((event) => ({ ...eventLine(event), became: event.became }));
    expect(lines.map(({ level, became }) => [level, became])).toEqual([
      ['warn', undefined],
      ['debug', 'battery_lost'],
      ['error', undefined],
      ['notice', undefined],
    ]);
    expect(lines.at(-1)).toMatchObject({ text: 'battery back', fields: { battery: 'a', lastedS: 15 } });
  });

  test('of one battery takes no place of what another has', () => {
    const { ledger, told } = hours();
    ledger.hold('bank', [rung('battery_stale', 'a')], 0);
    ledger.hold('bank', [rung('battery_lost', 'b')], 1000);
    expect(told().find(({ endedAtMs }) => endedAtMs !== undefined)?.became).toBeUndefined();
  });

  test('and then is only half as bad is said to be over', () => {
    const { ledger, told } = hours();
    ledger.hold('bank', [rung('battery_lost')], 0);
    ledger.hold('bank', [rung('battery_late')], 1000);
    expect(told().map(eventLine)[1]).toMatchObject({ level: 'notice', text: 'battery back' });
  });
});

describe('moments', () => {
  test('of a kind are told ten times in ten minutes; the next one says how many were withheld', () => {
    const { ledger, told } = hours();
    for (let s = 0; s < 601; s += 4)
      ledger.moment(
        { kind: 'child_replaced', text: `ear ended (SIGKILL) and is replaced in ${s} ms` },
        s * 1000,
      );
    const news = told();
    expect(news).toHaveLength(11);
    expect(news.at(-1)?.details).toEqual({ withheld: 140 });
  });
});
