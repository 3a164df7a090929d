import { describe, expect, test } from 'vitest';
import { allCells, heatOf, heightIn, packCells, reachOf, windowOf } from '../../src/page/cells/cells-view.ts';
import { cellAt, placeOf, strideOf } from '../../src/page/cells/chosen.ts';
import { figuresOf, median, spellOf } from '../../src/page/cells/spread.ts';
import { holed, lonely } from '../../src/page/chart/course.ts';

const pack = (cell_voltages_V: readonly number[], balancing_cells: readonly number[] = []) =>
  packCells('a', { freshness: 'fresh', sample_at_ms: 5, reading: { cell_voltages_V, balancing_cells } });

describe('the cells of a battery', () => {
  test('the lowest and the highest are marked, one each, and who balances has a dot', () => {
    const { cells } = pack([3.31, 3.35, 3.35, 3.3, 3.3], [2]);
    expect(cells.map((c) => c.mark)).toEqual([undefined, 'highest', undefined, 'lowest', undefined]);
    expect(cells.filter((c) => c.isBalancing).map((c) => c.no)).toEqual([2]);
  });

  test('cells that are all equal have neither', () => {
    expect(pack([3.3, 3.3]).cells.map((c) => c.mark)).toEqual([undefined, undefined]);
  });

  test('a battery that has told no cell is not among them', () => {
    expect(allCells({ packs: { a: { freshness: 'never' } } })).toEqual([]);
  });

  test('the close-up leaves 20 mV above and below', () => {
    const { minV, maxV } = windowOf(pack([3.3, 3.34]), 'near', [2.5, 3.65]);
    expect([minV, maxV].map((v) => v.toFixed(3))).toEqual(['3.280', '3.360']);
    expect(heightIn({ minV, maxV }, 3.32)).toBeCloseTo(50, 6);
  });

  test('the whole scale has both protection lines in it, and a cell beyond them too', () => {
    const { minV, maxV } = windowOf(pack([2.2, 3.34]), 'whole', [2.5, 3.65]);
    expect(minV).toBeLessThan(2.2);
    expect(maxV).toBeGreaterThan(3.65);
  });
});

describe('the map of colours', () => {
  test('reaches as far as the farthest cell, and 10 mV at least', () => {
    const calm = reachOf([pack([3.3, 3.302])]);
    expect(calm.reachV).toBe(0.01);
    const { meanV, reachV } = reachOf([pack([3.3, 3.3, 3.4])]);
    expect(heatOf(3.4, meanV, reachV)).toBe(5);
    expect(heatOf(3.2, meanV, reachV)).toBe(-5);
    expect(heatOf(meanV, meanV, reachV)).toBe(0);
  });
});

describe('the keys', () => {
  const packs = [pack([3.3, 3.3, 3.3]), { ...pack([3.3, 3.3]), id: 'b' }];

  test('go from the last cell of a battery to the first of the next, and end at the ends', () => {
    expect(cellAt(packs, placeOf(packs, { pack: 'a', cell: 3 }) + 1)).toEqual({ pack: 'b', cell: 1 });
    expect(cellAt(packs, 99)).toEqual({ pack: 'b', cell: 2 });
    expect(cellAt(packs, Number.NEGATIVE_INFINITY)).toEqual({ pack: 'a', cell: 1 });
    expect(cellAt([], 0)).toBeUndefined();
  });

  test('any other key is left to the browser', () => {
    expect(strideOf('Tab', 16)).toBeUndefined();
    expect(strideOf('ArrowDown', 16)).toBe(16);
  });
});

describe('the spread', () => {
  const moment = { currentA: 0, voltageV: 53, chargeLimitV: 55.2, capacityAh: 200 };

  test('is told apart at rest, at the end of charge and under load', () => {
    expect(spellOf(moment)).toBe('rest');
    expect(spellOf({ ...moment, voltageV: 55, currentA: 3 })).toBe('end');
    expect(spellOf({ ...moment, currentA: -40 })).toBe('load');
    expect(spellOf({ ...moment, currentA: 10 })).toBeUndefined();
  });

  test('of a moment that is not known says nothing', () => {
    expect(spellOf({ ...moment, currentA: undefined })).toBeUndefined();
    expect(spellOf({ ...moment, capacityAh: undefined })).toBeUndefined();
  });

  test('is a median, which one outlier does not move', () => {
    expect(median([])).toBeUndefined();
    expect(median([1, 9])).toBe(5);
    const seen = [0.004, 0.005, 0.9].map((deltaV) => ({ deltaV, spell: 'rest' as const }));
    expect(figuresOf(seen)).toEqual({ rest: 0.005, end: undefined, load: undefined });
  });
});

describe('a course with holes', () => {
  const whole = { fromMs: 0, toMs: 600_000 };

  test('is broken where nothing was measured, and the holes are known', () => {
    const made = holed([60_000, 120_000, 300_000], [[1, 2, 3]], 60_000, whole);
    expect(made.xs).toEqual([60, 120, 180, 300]);
    expect(made.rows).toEqual([[1, 2, null, 3]]);
    expect(made.gaps).toEqual([
      { fromMs: 0, toMs: 60_000 },
      { fromMs: 180_000, toMs: 300_000 },
      { fromMs: 360_000, toMs: 600_000 },
    ]);
  });

  test('shows the sample that stands alone, which no line would', () => {
    expect(lonely([1, null, 2, 3, null, 4, undefined])).toEqual([0, 5]);
  });

  test('without a single sample is one hole', () => {
    expect(holed([], [[]], 60_000, whole).gaps).toEqual([whole]);
  });
});
