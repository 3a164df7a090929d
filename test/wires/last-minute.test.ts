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
  expect(grown({ a: 7, b: 3 }, 10_000).by).toEqual({ a: 7, b: 3 });
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
