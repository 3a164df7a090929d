// The observer of the soak can fail: each kind of wrong sample is one sentence, and a true one is none.
import { beforeEach, describe, expect, test } from 'vitest';
import { jbdUart } from '../../src/bms/jbd.ts';
import { BASIC, CELLS } from '../../src/bms/jbd-fields.ts';
import { frameOf, READ } from '../../src/bms/jbd-frame.ts';
import { hear, nothingHeard } from '../../src/bms/listener.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { type Sample, sampleJudge } from './observer.ts';
import { planFaults } from './plan.ts';
import { MOST_AT_ONCE } from './schedule.ts';
import { stillness } from './stillness.ts';
import { type SoakUnit, soakUnit } from './unit.ts';

/** Asks a unit as the ear does; gives what the decoder reads. */
function ask(unit: SoakUnit, register: number): BatteryReading {
  const request = frameOf(READ, register, []);
  const answer = unit.radio.unit(request) ?? new Uint8Array();
  const passed = unit.radio.bend?.(answer);
  const { answers } = hear({ dialect: jbdUart, request }, nothingHeard, passed ? answer : new Uint8Array());
  const [part] = answers;
  return part?.value.kind === 'part' ? part.value.reading : {};
}

describe('the judge of samples', () => {
  let unit: SoakUnit;
  let judge: ReturnType<typeof sampleJudge>;
  const round = () => {
    const atMs = monotonicMs();
    return { atMs, reading: { ...ask(unit, BASIC), ...ask(unit, CELLS) } };
  };
  const say = ({ atMs, reading }: { atMs: number; reading: BatteryReading }, arrivedMs = monotonicMs()) => {
    const sample: Sample = { type: 'sample', battery: '3', atMs, reading };
    return judge(sample, arrivedMs);
  };

  beforeEach(() => {
    unit = soakUnit(3);
    judge = sampleJudge(unit, stillness(0));
  });

  test('takes one round after the other', () => {
    expect([say(round()), say(round())]).toEqual([[], []]);
  });

  test('takes a round whose pack was asked three times', () => {
    const atMs = monotonicMs();
    const first = ask(unit, BASIC);
    ask(unit, BASIC);
    ask(unit, BASIC);
    expect(say({ atMs, reading: { ...first, ...ask(unit, CELLS) } })).toEqual([]);
  });

  test('sees a value of another answer, in the pack and in the cells', () => {
    const { atMs, reading } = round();
    expect(say({ atMs, reading: { ...reading, socPct: (reading.socPct ?? 0) + 1 } })).toEqual([
      'its pack values are of no one answer of this unit',
    ]);
    const cellVoltagesV = (reading.cellVoltagesV ?? []).map((volts, i) => (i === 15 ? volts + 0.001 : volts));
    expect(say({ atMs, reading: { ...reading, cellVoltagesV } })).toEqual([
      'its cells are of no one answer of this unit',
    ]);
  });

  test('sees the values of another unit', () => {
    const other = soakUnit(4);
    const atMs = monotonicMs();
    const reading = { ...ask(other, BASIC), ...ask(other, CELLS) };
    expect(say({ atMs, reading })).toEqual(['its pack values are of no one answer of this unit']);
  });

  test('sees the pack of one round with the cells of another', () => {
    const [old, ...newer] = [round(), round(), round(), round()];
    const last = newer.at(-1)?.reading ?? {};
    const torn = { ...old.reading, cellVoltagesV: last.cellVoltagesV ?? [] };
    expect(say({ atMs: old.atMs, reading: torn })).toEqual([
      'it is put together from two rounds (pack values of answer 1, cells of answer 8)',
    ]);
  });

  test('sees a sample that comes twice, though it is stamped anew', () => {
    const told = round();
    say(told);
    expect(say({ ...told, atMs: told.atMs + 0.0001 })).toEqual([
      expect.stringMatching(/^an answer came a second time/),
    ]);
  });

  test('sees an answer that was never given', () => {
    const ahead = soakUnit(3);
    ask(ahead, BASIC);
    ask(ahead, CELLS);
    const atMs = monotonicMs();
    const reading = { ...ask(ahead, BASIC), ...ask(ahead, CELLS) };
    expect(say({ atMs, reading })).toEqual(['answer 3 was never given for its pack values']);
  });

  test('sees what is made of a bent notification', () => {
    unit.bendNext(1, 1);
    expect(say(round())).toEqual([expect.stringMatching(/^a bent notification was believed/)]);
  });

  test('sees a stamp of the future, one newer than its values, one too old and one not newer than the last', () => {
    const { atMs, reading } = round();
    expect(say({ atMs: monotonicMs() + 500, reading })).toEqual([
      expect.stringMatching(/^its stamp is in the future by/),
      expect.stringMatching(/^its stamp is \d+ ms newer than its pack values/),
    ]);
    expect(say({ ...round(), atMs: atMs - 60_000 })).toEqual([
      expect.stringMatching(/^its stamp is not newer than the last/),
      expect.stringMatching(/^its stamp is 60\d\d\d ms older than its cells/),
    ]);
  });
});

describe('the plan of faults', () => {
  const options = { units: 8, fromMs: 12_000, toMs: 600_000 };

  test('follows from the seed', () => {
    expect(planFaults({ ...options, seed: 5 })).toEqual(planFaults({ ...options, seed: 5 }));
    expect(planFaults({ ...options, seed: 5 })).not.toEqual(planFaults({ ...options, seed: 6 }));
  });

  test('never has more than three in force', () => {
    const plan = planFaults({ ...options, seed: 7 });
    const together = plan.map(
      ({ atMs }) => plan.filter((other) => other.atMs <= atMs && other.atMs + other.forMs > atMs).length,
    );
    expect(plan.length).toBeGreaterThan(150);
    expect(Math.max(...together)).toBeLessThanOrEqual(MOST_AT_ONCE);
  });
});
