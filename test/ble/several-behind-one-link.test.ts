import { describe, expect, test } from 'vitest';
import type { SessionBattery } from '../../src/ble/session-words.ts';
import { seplosV3 } from '../../src/bms/seplos-v3.ts';
import { oneLink } from '../bms/one-link.ts';
import { seplosUnit } from '../bms/seplos-v3-unit.ts';

const cellsMv = Array.from({ length: 16 }, (_, i) => 3300 + i);
const packsTo = (n: number): readonly SessionBattery[] =>
  Array.from({ length: n }, (_, i) => ({ id: `${i + 1}`, options: { unit: i + 1 } }));

/** Packs 1 to `n` behind one link; only those of which `isOn` says so answer. */
function bus(n: number, isOn: (unit: number, nowMs: number) => boolean, answersInMs = (_unit: number) => 40) {
  const packs = seplosUnit(...packsTo(n).map((_, i) => ({ unit: i + 1, cellsMv })));
  const unitOf = ([unit = 0]: Uint8Array) => (unit === 0 || unit === 0xe0 ? 1 : unit);
  const [first = { id: '' }, ...others] = packsTo(n);
  const room = oneLink({
    driver: seplosV3,
    answer: (request) => (isOn(unitOf(request), room.clock.now()) ? packs(request) : undefined),
    answersInMs: (request) => answersInMs(unitOf(request)),
    batteries: [first, ...others],
  });
  const stamps = (unit: number) => room.samples(`${unit}`).map(({ atMs }) => atMs);
  const losses = () => room.said.filter((r) => r.type === 'link' && r.state === 'lost').length / n;
  return { ...room, stamps, losses };
}

/** The longest time without a new sample, from `fromMs` to `toMs`. */
const longestGap = (stamps: readonly number[], fromMs: number, toMs: number): number => {
  const all = [fromMs, ...stamps.filter((at) => at > fromMs && at < toMs), toMs];
  return Math.max(...all.slice(1).map((at, i) => at - (all[i] ?? 0)));
};

describe('of several packs behind one link', () => {
  test('the last is read though those before it are off', async () => {
    const { clock, stamps } = bus(3, (unit) => unit === 3);
    await clock.to(60_000);
    expect(longestGap(stamps(3), 0, 60_000)).toBeLessThan(6000);
  });

  test('the first keeps its beat and its link though all others are off', async () => {
    const { clock, stamps, losses } = bus(16, (unit) => unit === 1);
    await clock.to(120_000);
    expect(longestGap(stamps(1), 40_000, 120_000)).toBeLessThan(6000);
    expect(losses()).toBeLessThanOrEqual(3);
  });

  test('one that is slow to answer is read beside quick ones', async () => {
    const slow = (unit: number) => (unit === 2 ? 1000 : 40);
    const { clock, stamps, losses } = bus(3, () => true, slow);
    await clock.to(60_000);
    for (const unit of [1, 2, 3]) expect(longestGap(stamps(unit), 10_000, 60_000)).toBeLessThan(8000);
    expect(losses()).toBe(0);
  });

  test('all are read again in the first round after a silence of the whole bus', async () => {
    const { clock, stamps } = bus(16, (_unit, nowMs) => nowMs < 10_000 || nowMs > 60_000);
    await clock.to(180_000);
    const firstAgainMs = Array.from({ length: 16 }, (_, i) => stamps(i + 1).find((at) => at > 60_000) ?? 0);
    expect(Math.max(...firstAgainMs) - Math.min(...firstAgainMs)).toBeLessThan(8000);
  });

  test('those that were off are found again, whichever is first', async () => {
    const { clock, stamps } = bus(8, (unit, nowMs) => unit === 5 || nowMs > 60_000);
    await clock.to(120_000);
    for (let unit = 1; unit <= 8; unit++)
      expect(longestGap(stamps(unit), 100_000, 120_000)).toBeLessThan(6000);
  });

  test('one of many that are off is found, wherever it stands', async () => {
    const { clock, stamps } = bus(16, (unit) => unit === 16);
    await clock.to(180_000);
    expect(longestGap(stamps(16), 120_000, 180_000)).toBeLessThan(6000);
  });
});
