import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastMinute, perMinute } from '../../src/wires/last-minute.ts';

test('sixty polls a minute are sixty as soon as a minute is known, and after any time', () => {
  const grown = lastMinute(0);
  let last = grown({ polls: 0 }, 0);
  for (let s = 5; s <= 600; s += 5) {
    last = grown({ polls: s }, s * 1000);
    expect([s, last.whole, perMinute(last.by.polls ?? 0, last)]).toEqual([s, s >= 60, 60]);
  }
});

test('a counter that begins anew, or is new, grew by what it has', () => {
  const grown = lastMinute(0);
  expect(grown({ a: 60, b: 3 }, 5000).by).toEqual({ a: 60, b: 3 });
  expect(grown({ a: 7, b: 3 }, 10_000).by).toEqual({ a: 67, b: 3 });
  expect(grown({ a: 8, b: 3 }, 66_000).by).toEqual({ a: 8, b: 0 });
});

test('where one counter begins anew, because its profile was exchanged, the others grew by no more than they did', () => {
  const grown = lastMinute(0);
  let last = grown({ swapped: 5000, other: 1_000_000 }, 5000);
  for (let s = 10; s <= 200; s += 5) {
    const swapped = s < 100 ? 5000 + s : s - 100;
    last = grown({ swapped, other: 1_000_000 + s }, s * 1000);
    if (s > 65) expect([s, last.whole, last.by.other]).toEqual([s, true, 60]);
    if (s > 165) expect([s, last.by.swapped]).toEqual([s, 60]);
  }
});

test('a counter that went away and comes back grew by what it has', () => {
  const grown = lastMinute(0);
  grown({ a: 60, b: 1 }, 5000);
  grown({ b: 2 }, 10_000);
  expect(grown({ a: 2, b: 3 }, 15_000).by).toEqual({ a: 2, b: 3 });
});

test('what grew is never less than nothing and never more than all, however late the looks come', () => {
  const looks = fc.array(
    fc.record({ waitMs: fc.integer({ min: 1, max: 200_000 }), polls: fc.nat({ max: 50 }) }),
    { minLength: 1, maxLength: 100 },
  );
  fc.assert(
    fc.property(looks, (all) => {
      const grown = lastMinute(0);
      let [nowMs, total] = [0, 0];
      const history = [{ nowMs, total }];
      grown({ total }, nowMs);
      for (const { waitMs, polls } of all) {
        nowMs += waitMs;
        total += polls;
        history.push({ nowMs, total });
        const growth = grown({ total }, nowMs);
        const from = history.findLast((h) => h.nowMs <= nowMs - 60_000) ?? { nowMs: 0, total: 0 };
        expect([growth.by.total, growth.spanMs]).toEqual([total - from.total, nowMs - from.nowMs]);
      }
    }),
  );
});
