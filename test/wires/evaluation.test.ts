import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../src/bank/memory.ts';
import { startEvaluation } from '../../src/wires/evaluation.ts';
import { bankOf, pack, reading } from '../bank/room.ts';
import { crankedClock } from '../can/clock.ts';

/** Evaluations of a bank of one pack, with the moments at which they were made. */
function evaluating({
  startMs = 0,
  stored,
  oversleepMs,
}: {
  startMs?: number;
  stored?: Evaluation;
  oversleepMs?: () => number;
} = {}) {
  const time = crankedClock(startMs, oversleepMs && { oversleepMs });
  const moments: number[] = [];
  const evaluation = startEvaluation({
    bank: bankOf([[pack('a')]]),
    clock: time.clock,
    after: time.after,
    surroundings: () => ({}),
    publish: (state) => moments.push(state.evaluatedAtMs),
    ...(stored && { stored }),
  });
  return {
    ...time,
    stallUntil: (ms: number) => time.stallUntil(ms),
    moments,
    evaluation,
    hear: (atMs: number) => evaluation.hear('a', { atMs, reading: reading() }),
  };
}

describe('the bank is evaluated', () => {
  test('every second, on deadlines that do not drift however late the timers come', () => {
    let turn = 0;
    const { moments, until } = evaluating({ oversleepMs: () => [0, 3, 40, 900][turn++ % 4] ?? 0 });
    until(60_950);
    expect(moments).toHaveLength(61);
    for (const [i, atMs] of moments.entries()) {
      expect(atMs - 1000 * i).toBeGreaterThanOrEqual(0);
      expect(atMs - 1000 * i).toBeLessThan(1000);
    }
  });

  test('once after a stall, and then on the old deadlines again', () => {
    const { moments, until, stallUntil } = evaluating();
    until(3000);
    stallUntil(23_400);
    until(25_500);
    expect(moments.slice(3)).toEqual([3000, 23_400, 24_000, 25_000]);
  });

  test('at each sample, at once', () => {
    const { moments, until, hear } = evaluating();
    until(1500);
    hear(1400);
    expect(moments).toEqual([0, 1000, 1500]);
  });

  test('no more once it is stopped', () => {
    const { moments, until, evaluation } = evaluating();
    until(1500);
    evaluation.stop();
    until(10_000);
    expect(moments).toEqual([0, 1000]);
  });
});

describe('a sample is refused', () => {
  test('when its stamp lies ahead of us', () => {
    const { until, hear, evaluation } = evaluating();
    until(1000);
    expect(hear(1001)).toBe('from the future');
    expect(evaluation.state()?.freshness).toBe('never');
    expect(hear(1000)).toBeUndefined();
    expect(evaluation.state()?.freshness).toBe('fresh');
  });

  test('when it is not newer than the last, so that an old image cannot be made young', () => {
    const { until, hear, evaluation } = evaluating();
    until(5000);
    hear(4000);
    until(20_000);
    expect(hear(4000)).toBe('not newer than the last');
    expect(hear(3000)).toBe('not newer than the last');
    expect(evaluation.state()?.freshness).toBe('stale');
  });

  test('when it is not newer than what was heard before the restart', () => {
    const before = evaluating();
    before.until(5000);
    before.hear(4900);
    const stored = before.evaluation.state();
    const after = evaluating({ startMs: 6000, ...(stored && { stored }) });
    expect(after.hear(4900)).toBe('not newer than the last');
    expect(after.hear(5500)).toBeUndefined();
  });
});
