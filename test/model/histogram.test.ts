import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countAbove, countOf, cumulative, newHistogram, quantileMs } from '../../src/model/histogram.ts';

const bounds = [0.5, 1, 2, 5, 10, 100];
const durations = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 300 });

function filled(values: readonly number[]) {
  const meter = newHistogram(bounds);
  for (const value of values) meter.observe(value);
  return meter.read();
}

describe('a histogram of durations', () => {
  test('counts each once, adds them up and keeps the longest', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const histogram = filled(values);
        expect(countOf(histogram)).toBe(values.length);
        expect(histogram.sumMs).toBeCloseTo(
          values.reduce((sum, v) => sum + v, 0),
          6,
        );
        expect(histogram.maxMs).toBe(Math.max(...values));
      }),
    );
  });

  test('says of each bound how many took at most that long, and how many longer', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const histogram = filled(values);
        for (const { leMs, count } of cumulative(histogram)) {
          expect(count).toBe(values.filter((v) => v <= leMs).length);
          expect(countAbove(histogram, leMs)).toBe(values.filter((v) => v > leMs).length);
        }
      }),
    );
  });

  test('estimates a quantile within the bucket in which it truly lies, and never above the longest', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const true_ = sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
        const from = bounds.findLast((bound) => bound < true_) ?? 0;
        const to = bounds.find((bound) => bound >= true_) ?? Number.POSITIVE_INFINITY;
        const estimate = quantileMs(filled(values), q) ?? Number.NaN;
        expect(estimate).toBeGreaterThanOrEqual(from);
        expect(estimate).toBeLessThanOrEqual(Math.min(to, Math.max(...values)));
      }),
    );
  });

  test('knows no quantile of nothing, and counts nothing that is no duration', () => {
    const histogram = filled([Number.NaN, Number.POSITIVE_INFINITY]);
    expect([quantileMs(histogram, 0.99), countOf(histogram), histogram.sumMs, histogram.maxMs]).toEqual([
      undefined,
      0,
      0,
      0,
    ]);
  });

  test('is a copy: what is observed later does not change it', () => {
    const meter = newHistogram(bounds);
    const before = meter.read();
    meter.observe(1);
    expect([countOf(before), countOf(meter.read())]).toEqual([0, 1]);
  });
});
