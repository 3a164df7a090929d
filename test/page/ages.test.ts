import { describe, expect, test } from 'vitest';
import type { Live } from '../../src/model/api/live.ts';
import { ageMs, ageState } from '../../src/page/live/age.ts';
import { waitBefore } from '../../src/page/live/backoff.ts';
import { firstOffset, hasJumped, offsetAfter } from '../../src/page/live/clock.ts';
import { nothingKnown, taken } from '../../src/page/live/message.ts';
import { isStillAt } from '../../src/page/live/still.ts';

const ages = { fresh_ms: 6000, late_ms: 15_000 };

describe('the age of a number', () => {
  test('goes from fresh over late to old, and what has no moment is unknown', () => {
    const states = [0, 6000, 6001, 15_000, 15_001].map((age) => ageState(1000, 1000 + age, ages));
    expect(states).toEqual(['fresh', 'fresh', 'late', 'late', 'old']);
    expect(ageState(undefined, 1000, ages)).toBe('unknown');
  });

  test('is old when nobody knows what time it is at the gateway', () => {
    expect(ageState(1000, undefined, ages)).toBe('old');
  });

  test('never is less than nothing', () => {
    expect(ageMs(2000, 1000)).toBe(0);
  });
});

describe('the gateway’s clock in the browser', () => {
  test('a message that was held up on its way does not make the data young', () => {
    const first = firstOffset(50_000, 50, 100);
    // Sent at 51 s of the gateway, and 900 ms on its way.
    const offset = offsetAfter(first, 51_000, 2000);
    expect(2000 + offset.ms).toBeGreaterThan(51_890);
  });

  test('a line that holds everything up by 20 s makes nothing look young', () => {
    // Asked for at 0 s, sent at once, and here at 20 s; so is each that follows.
    let offset = firstOffset(100_000, 0, 20_000);
    for (let s = 1; s <= 60; s++) offset = offsetAfter(offset, 100_000 + s * 1000, 20_000 + s * 1000);
    // Of what was sent at 160 s and came at 80 s the age is 20 s, not nothing.
    expect(80_000 + offset.ms - 160_000).toBeCloseTo(20_000, -3);
  });

  test('follows two clocks that run apart', () => {
    let offset = firstOffset(0, 0, 0);
    for (let s = 1; s <= 3600; s++) offset = offsetAfter(offset, s * 1000 * 0.9999, s * 1000);
    expect(3_600_000 + offset.ms).toBeCloseTo(3_599_640, -1);
  });

  test('is not trusted after the browser’s own clock stood still, as it does while its machine sleeps', () => {
    expect(hasJumped(1_000_000, 1_000_900)).toBe(false);
    expect(hasJumped(1_000_000, 1_000_000 + 3_600_000)).toBe(true);
    expect(hasJumped(1_000_000, 1_000_000 - 3_600_000)).toBe(true);
  });
});

describe('a gateway that serves its page and judges nothing any more', () => {
  const bank = { valid_until_ms: 13_000 };

  test('is told from one whose evaluation was held up on its way', () => {
    expect([13_000, 15_000, 15_001].map((now) => isStillAt(bank, now))).toEqual([false, false, true]);
  });

  test('is nothing that can be said before it was heard', () => {
    expect(isStillAt(undefined, 99_000)).toBe(false);
    expect(isStillAt(bank, undefined)).toBe(false);
  });
});

describe('the messages of the stream', () => {
  const live: Live = { packs: {}, wires: {}, inverters: {}, events: {}, trips: [], processes: {} };
  const times = { now_ms: 0, wall_ms: 0 };
  const whole = { ...times, number: 7, whole: live };

  test('a patch is laid over what was before it', () => {
    const known = taken(taken(nothingKnown, whole), {
      ...times,
      number: 8,
      patch: { events: { a: { text: 'x' } } },
    });
    expect(known.live?.events).toEqual({ a: { text: 'x' } });
  });

  test('after a gap nothing is known until a whole one comes', () => {
    const gap = taken(taken(nothingKnown, whole), { ...times, number: 9, patch: {} });
    expect(gap.live).toBeUndefined();
    expect(taken(gap, { ...times, number: 10, patch: {} }).live).toBeUndefined();
    expect(taken(gap, { ...times, number: 10, whole: live }).live).toBe(live);
  });

  test('a patch that comes first is not taken', () => {
    expect(taken(nothingKnown, { ...times, number: 1, patch: {} }).live).toBeUndefined();
  });
});

test('the gateway is tried again soon, then every eight seconds or so', () => {
  expect([0, 1, 2, 3, 4, 10].map((n) => waitBefore(n, 0.5))).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  expect(waitBefore(10, 1)).toBeLessThanOrEqual(10_000);
});
