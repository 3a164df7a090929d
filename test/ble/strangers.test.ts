// Devices that are listed as a battery and are none: each is named, left alone for longer and longer, and disturbs nobody.
import { describe, expect, test } from 'vitest';
import type { BlePort } from '../../src/ble/port.ts';
import { addressOf, batteryRoom, healthy } from './room.ts';

const HINT = `is it a BMS? look with \`bmsgate inspect ${addressOf(1)}\``;

/** Unit 1 has no characteristics at all. */
const bare = (port: BlePort): BlePort => ({
  ...port,
  connect: async (address, options) => {
    const link = await port.connect(address, options);
    return address === addressOf(1) ? { ...link, discover: async () => [] } : link;
  },
});

const nonsense = () => [Uint8Array.of(1, 2, 3, 4)];
/** Intact frames of a register that was not asked for. */
const elsewhere = () => healthy(Uint8Array.of(0xdd, 0xa5, 0x04, 0, 0xff, 0xfc, 0x77));

describe('a device that is no BMS', () => {
  test.each([
    ['without the characteristics', nonsense, bare, 'it has no characteristics of JBD'],
    ['that never says a valid frame', nonsense, undefined, 'no complete answer for 8 s'],
    ['that never says anything', () => [], undefined, 'no complete answer for 8 s'],
    ['that only answers for another register', elsewhere, undefined, 'no complete answer for 8 s'],
  ] as const)('%s is named with what to do, and tried later and later', async (_, does, through, why) => {
    const room = batteryRoom([does, healthy], through ? { through } : {});
    for (const n of [1, 2]) room.listenTo(n);
    await room.clock.to(600_000);
    const lost = room.ofType('link').filter((l) => l.battery === 'unit 1' && l.state === 'lost');
    expect(lost[0]?.why).toMatch(why);
    for (const { why: each, wasOpen } of lost)
      expect([each, wasOpen]).toEqual([expect.stringMatching(HINT.replace('?', '\\?')), true]);
    expect(lost.length).toBeLessThan(17);
    const gapsMs = lost.slice(1).map(({ nowMs }, i) => nowMs - (lost[i]?.nowMs ?? 0));
    expect(gapsMs.toSorted((a, b) => a - b)).toEqual(gapsMs);
    expect(gapsMs.at(-1)).toBeGreaterThan(60_000);
    expect(room.samples(1)).toEqual([]);
    const stamps = room.samples(2).map(({ atMs }) => atMs);
    expect(new Set(stamps.slice(1).map((t, i) => t - (stamps[i] ?? 0)))).toEqual(new Set([2000]));
  });

  test('is not suspected of a battery that was read before', async () => {
    const room = batteryRoom([healthy]);
    room.listenTo(1);
    await room.clock.to(5000);
    room.let(1, () => []);
    await room.clock.to(60_000);
    for (const { why = '' } of room.ofType('link')) expect(why).not.toMatch('is it a BMS?');
  });
});
