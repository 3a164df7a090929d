import { describe, expect, test } from 'vitest';
import { resume } from '../../src/bank/evaluate.ts';
import type { Evaluation } from '../../src/bank/memory.ts';
import { bankOf, once, pack, reading, room } from './room.ts';

const one = bankOf([[pack('a', { chargeCurrentA: 50, dischargeCurrentA: 100 })]]);
const two = bankOf([[pack('a')], [pack('b')]]);
const limits = ({ signals }: Evaluation) => [signals.chargeCurrentLimitA, signals.dischargeCurrentLimitA];

/** A bank of one pack that was stale and is fresh again since this very evaluation. */
function justBack() {
  const r = room(one);
  r.hear('a');
  r.pass(40);
  r.hear('a');
  expect(r.pass(10, ['a']).freshness).toBe('fresh');
  return r;
}

describe('limits on their way up', () => {
  test('stop while the bank is late and go on from there, without a jump', () => {
    const r = justBack();
    r.tick(1000);
    r.tick(1000);
    expect(limits(r.state())).toEqual([10, 10]);
    expect(r.tick(5000).freshness).toBe('late');
    expect(limits(r.state())).toEqual([10, 10]);
    expect(r.hear('a').freshness).toBe('fresh');
    expect(limits(r.state())).toEqual([10, 10]);
    expect(limits(r.tick(1000))).toEqual([15, 15]);
  });

  test('gain no more by a stall than an image is valid for', () => {
    const r = justBack();
    r.tick(14_000);
    expect(limits(r.hear('a'))[0]).toBeLessThanOrEqual(15);
  });

  test('begin again at the bottom of a dip', () => {
    const r = justBack();
    r.pass(5, ['a']);
    expect(limits(r.state())).toEqual([25, 25]);
    r.tick(100);
    expect(limits(r.hear('a', reading({ cellV: 3.45 })))).toEqual([0.2, 25]);
    r.tick(100);
    expect(limits(r.hear('a'))).toEqual([0.2, 25]);
    expect(limits(r.tick(1000))).toEqual([0.2, 30]);
    expect(limits(r.pass(28, ['a']))[0]).toBe(0.2);
    expect(limits(r.pass(2, ['a']))[0]).toBe(5.2);
  });
});

describe('limits on their way down', () => {
  test('do not wait for the ramp where a pack that still speaks reports a protection, and stay down', () => {
    const r = room(two);
    r.hearAll();
    r.pass(18, ['b']);
    expect(limits(r.state())[1]).toBeGreaterThan(0);
    r.tick(100);
    expect(limits(r.hear('b', reading({ alarms: ['cell_low_voltage'] })))[1]).toBe(0);
    r.tick(100);
    expect(limits(r.hear('b'))[1]).toBe(0);
  });

  test('discharge is granted on the lowest cell of all packs last seen, also of the silent one', () => {
    const granted = bankOf(two.strings, { ages: { ...two.ages, dischargeStaleAfterMs: 60_000 } });
    const r = room(granted);
    r.hear('a', reading({ cellV: 3.12 }));
    r.hear('b');
    expect(limits(r.pass(26, ['b']))).toEqual([0, 0]);
  });

  test('a granted discharge that was taken back because of a low cell does not return with it', () => {
    const granted = bankOf(two.strings, { ages: { ...two.ages, dischargeStaleAfterMs: 60_000 } });
    const r = room(granted);
    r.hearAll();
    expect(limits(r.pass(30, ['b']))[1]).toBeGreaterThan(0);
    r.tick(500);
    expect(limits(r.hear('b', reading({ cellV: 3.14 })))[1]).toBe(0);
    r.tick(500);
    expect(limits(r.hear('b'))[1]).toBe(0);
  });
});

describe('a pack that was missing', () => {
  test('when the minute of grace ended counts as lost, and comes in as one that comes back', () => {
    const r = room(two);
    r.hear('a');
    expect(r.pass(62, ['a']).freshness).toBe('lost');
    expect(r.state().packs.map((p) => p.freshness)).toEqual(['fresh', 'lost']);
    expect(r.hear('b').freshness).toBe('lost');
    expect(r.pass(9, ['a', 'b']).freshness).toBe('lost');
    const back = r.tick(1000);
    expect(back.freshness).toBe('fresh');
    expect(limits(back)).toEqual([0, 0]);
  });

  test('keeps its true age through a restart', () => {
    const before = room(two);
    before.hear('a');
    const stored = JSON.parse(JSON.stringify(before.pass(70, ['a'])));
    const after = room(two, { nowMs: 75_000, state: resume(stored, 75_000) });
    expect(after.look().signals.dataAgeS).toBe(75);
    expect(after.look().signals.faults).toContain('restarted');
  });
});

describe('a pack that is not the one configured', () => {
  test('leaves no limit in the state, and when it is corrected limits begin at zero', () => {
    const r = room(one);
    r.hear('a');
    r.pass(5, ['a']);
    const wrong = r.hear('a', reading({ cells: 15 }));
    expect(wrong).toMatchObject({ freshness: 'never', signals: { online: false } });
    expect(limits(wrong)).toEqual([undefined, undefined]);
    expect(wrong.signals.chargeEnable).toBeUndefined();
    r.tick(1000);
    const corrected = r.hear('a');
    expect(corrected.freshness).toBe('lost');
    expect(limits(corrected)).toEqual([0, 0]);
  });

  test('silences its neighbour too, whose limits begin at zero when it is corrected', () => {
    const r = room(bankOf(two.strings, { loss: 'reduce' }));
    r.hearAll();
    r.tick(1000);
    expect(r.hear('a', reading({ cells: 15 })).freshness).toBe('never');
    r.tick(1000);
    const corrected = r.hear('a');
    expect(corrected.freshness).toBe('fresh');
    expect(limits(corrected)).toEqual([0, 0]);
    expect(limits(r.tick(1000))).toEqual([5, 5]);
  });
});

describe('a pack that was lost', () => {
  test('is not called merely stale because one sample of it has grown old', () => {
    const r = room(one);
    r.hear('a');
    r.pass(70);
    r.hear('a');
    expect(r.pass(20).freshness).toBe('lost');
  });
});

describe('an evaluation that was held up for twenty seconds', () => {
  test('tells zero at once: the ramp is counted from the edge, not from the end of the stall', () => {
    const r = room(one);
    r.hear('a');
    r.pass(10);
    const state = r.tick(20_000);
    expect(state.freshness).toBe('stale');
    expect(limits(state)).toEqual([0, 0]);
  });

  test('finds the same rung whether a new sample or the clock comes first', () => {
    const sampleFirst = room(one);
    sampleFirst.hear('a');
    sampleFirst.pass(4);
    sampleFirst.wait(20_000);
    const clockFirst = room(one);
    clockFirst.hear('a');
    clockFirst.pass(4);
    clockFirst.tick(20_000);
    expect(sampleFirst.hear('a').freshness).toBe('stale');
    expect(clockFirst.hear('a').freshness).toBe('stale');
  });

  test('takes what the battery said meanwhile: a pack that never stopped speaking is back at once', () => {
    const r = room(one);
    r.hear('a');
    r.tick(30_000);
    for (let atMs = 2000; atMs <= 30_000; atMs += 2000) r.hear('a', reading(), atMs);
    expect(r.state().freshness).toBe('fresh');
    expect(limits(r.state())).toEqual([0, 0]);
  });
});

describe('a pack that rested', () => {
  test('for an hour is not frozen when its first amperes flow', () => {
    const r = room(one);
    const rest = () => reading({ currentA: 0 });
    r.hear('a', rest());
    r.pass(3600, ['a'], rest);
    const load = () => reading({ currentA: -3 });
    expect(r.pass(590, ['a'], load).freshness).toBe('fresh');
    expect(r.pass(20, ['a'], load).freshness).toBe('stale');
  });

  test('and is frozen then says so in one sentence, whatever its current does', () => {
    const r = room(one);
    r.hear('a', reading({ currentA: -3 }));
    const says = new Set<string | undefined>();
    for (let i = 0; i < 900; i++) {
      r.tick(1000);
      says.add(r.hear('a', reading({ currentA: -3 - (i % 7) / 10 })).packs[0]?.fault);
    }
    expect([...says]).toEqual([undefined, expect.stringContaining('a is frozen')]);
  });
});

describe('alarms', () => {
  test('stay for five seconds, so that a receiver that looks once a second sees them', () => {
    const r = room(one);
    r.hear('a', reading({ alarms: ['short_circuit'] }));
    r.tick(100);
    expect(r.hear('a').signals.alarms).toEqual(['short_circuit']);
    expect(limits(r.state())).toEqual([0, 0]);
    expect(r.tick(4800).signals.alarms).toEqual(['short_circuit']);
    expect(r.tick(200).signals.alarms).toEqual([]);
  });

  test('of a string that fell silent are not over because nobody speaks of them', () => {
    const r = room(two);
    r.hear('a', reading({ alarms: ['internal'] }));
    r.hear('b');
    expect(r.pass(90, ['b']).signals.alarms).toEqual(['internal']);
  });

  test('of one string among several are a warning, of all strings an alarm', () => {
    const cold = reading({ alarms: ['low_temperature_charge'] });
    const some = once(two, { a: cold, b: reading() }).signals;
    expect(some).toMatchObject({ alarms: [], warnings: ['low_temperature_charge'] });
    const all = once(two, { a: cold, b: cold }).signals;
    expect(all.alarms).toEqual(['low_temperature_charge']);
  });
});

describe('a guessed limit', () => {
  test('does not grow because the neighbour opened its FET', () => {
    const guess = (id: string) => {
      const { chargeCurrentA, dischargeCurrentA, ...rest } = pack(id, { capacityAh: 300 });
      return rest;
    };
    const envelope = { chargeCurrentA: 100, dischargeCurrentA: 100, cellMaxV: 3.6, cellMinV: 2.8 };
    const guessed = bankOf([[guess('a')], [guess('b')]], { envelope });
    const open = once(guessed, { a: reading(), b: reading({ chargeFet: false }) });
    expect(open.signals.chargeCurrentLimitA).toBe(50);
  });
});

describe('packs in series of which one is empty and one is full', () => {
  test('are 0 %: nothing can be drawn', () => {
    const { signals } = once(bankOf([[pack('a'), pack('b')]]), {
      a: reading({ socPct: 0 }),
      b: reading({ socPct: 100 }),
    });
    expect(signals).toMatchObject({ socPct: 0, socToldPct: 0 });
  });
});

test('a value that no battery can have said is left out with a word, and the rest counts', () => {
  const r = room(one);
  const state = r.hear(
    'a',
    reading({ temperaturesC: [20, 300], sohPct: 900, mosfetTemperatureC: Number.NaN }),
  );
  expect(state.freshness).toBe('fresh');
  expect(state.signals).toMatchObject({ maxCellTemperatureC: 20 });
  expect(state.signals.sohPct).toBeUndefined();
  expect(state.notices.filter((text) => text.includes('cannot be believed'))).toEqual([
    'a reports a soh_pct that cannot be believed; it is left out',
    'a reports a mosfet_temperature_C that cannot be believed; it is left out',
    'a reports a temperatures_C that cannot be believed; it is left out',
  ]);
  r.tick(2000);
  expect(r.hear('a').notices.join()).not.toContain('believed');
});
