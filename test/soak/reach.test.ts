// Who must be fresh, and from when on, in hand-cranked seconds.
import { describe, expect, test } from 'vitest';
import { reach } from './reach.ts';
import { stillness } from './stillness.ts';

describe('who must be fresh', () => {
  function room(slow: { readonly firstMs?: number } = {}) {
    const said: string[] = [];
    const still = stillness(0);
    const fail = (sentence: string) => said.push(sentence);
    const one = reach({ unit: 1, startMs: 0, ...slow, stillness: still, fail });
    const look = (nowMs: number) => {
      still.look(nowMs, undefined);
      one.watch(nowMs);
    };
    const until = (fromMs: number, toMs: number) => {
      for (let ms = fromMs; ms <= toMs; ms += 100) look(ms);
    };
    return { said, one, look, until };
  }

  test('a unit in reach is missed 15 s after its newest sample, once', () => {
    const { said, one, until } = room();
    until(100, 1000);
    one.heard(1000, 1000);
    until(1100, 15_900);
    expect(said).toEqual([]);
    until(16_000, 25_000);
    expect(said).toEqual([expect.stringMatching(/^unit 1 is in reach and well for 16\.\d s/)]);
  });

  test('it is not missed while it is out of reach, nor for 15 s after that', () => {
    const { said, one, until } = room();
    until(100, 1000);
    one.hinder();
    until(1100, 40_000);
    one.free('hide', 40_000);
    until(40_100, 54_000);
    expect(said).toEqual([]);
    until(54_100, 57_000);
    expect(said.length).toBe(1);
  });

  test('on a slow machine it may be heard first after as long as is granted, and no longer', () => {
    const { said, one, until } = room({ firstMs: 90_000 });
    until(100, 89_900);
    expect([said, one.isHeard(), one.agesMs]).toEqual([[], false, []]);
    until(90_000, 95_000);
    expect(said).toEqual([expect.stringMatching(/newest sample is 90\.\d s old, the ear 90\.\d s/)]);
  });

  test('once heard it is missed after 15 s there too, until a new ear begins', () => {
    const { said, one, until } = room({ firstMs: 90_000 });
    one.heard(40_000, 40_000);
    until(40_100, 54_900);
    one.anew(54_900);
    one.heard(54_000, 55_000); // what the old ear said last
    until(55_000, 144_800);
    expect([said, one.isHeard()]).toEqual([[], false]);
    one.heard(144_800, 144_800);
    until(144_900, 165_000);
    expect(said).toEqual([expect.stringMatching(/its newest sample is 15\.\d s old \(the machine/)]);
  });

  test('the time for which the machine stood still does not count', () => {
    const { said, look, until } = room();
    until(100, 10_000);
    look(20_000); // no look for 10 s
    until(20_100, 24_000);
    expect(said).toEqual([]);
    until(24_100, 28_000);
    expect(said.length).toBe(1);
  });
});
