// More batteries than links: they take turns, and none becomes older than is declared.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BleLink, BlePort } from '../../src/ble/port.ts';
import { mostUnits, type Turn, turnAgeMs, usualTurn } from '../../src/bms/turn-age.ts';
import type { Timers } from '../../src/model/timers.ts';
import { addressOf, batteryRoom, healthy } from './room.ts';

/** What the room's radio and its units take at most, beside what a test adds. */
const ROOM: Turn = { connectMs: 150, openMs: 300, roundMs: 120, closeMs: 0 };

/** Numbers below 1 that a seed decides. */
function dice(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

/** A radio that takes as long as a real one at most, and notes what it must never do. */
function watched(slots: number, random: () => number) {
  const wrongs: string[] = [];
  let [isScanning, connecting, open, most] = [false, 0, 0, 0];
  const through = (port: BlePort, { after }: Timers): BlePort => {
    const slowly = (mostMs: number) =>
      new Promise<void>((resolve) => void after(random() * mostMs, () => resolve()));
    const counted = (link: BleLink): BleLink => {
      most = Math.max(most, ++open);
      if (open > slots) wrongs.push(`${open} links`);
      let tell = (_why: string) => {};
      link.onLost((why) => {
        open--;
        tell(why);
      });
      return {
        ...link,
        onLost: (hear) => {
          tell = hear;
        },
        discover: () => slowly(usualTurn.openMs - ROOM.openMs).then(link.discover),
        disconnect: () => slowly(usualTurn.closeMs).then(link.disconnect),
      };
    };
    return {
      ...port,
      scan: (hear) => {
        if (connecting > 0) wrongs.push('scan during a connect');
        isScanning = true;
        return port.scan(hear);
      },
      stopScan: () => {
        isScanning = false;
        return port.stopScan();
      },
      connect: async (address, options) => {
        if (isScanning) wrongs.push('connect during a scan');
        if (++connecting > 1) wrongs.push('two connects');
        try {
          await slowly(usualTurn.connectMs - ROOM.connectMs);
          return counted(await port.connect(address, options));
        } finally {
          connecting--;
        }
      },
    };
  };
  return { wrongs, through, most: () => most };
}

interface Site {
  readonly units: number;
  readonly slots: number;
  readonly pollMs: number;
  readonly seed: number;
}

const sites = fc.record({
  units: fc.integer({ min: 1, max: 14 }),
  slots: fc.integer({ min: 1, max: 7 }),
  pollMs: fc.integer({ min: 1000, max: 5000 }),
  seed: fc.integer({ min: 1, max: 1e9 }),
});

function opened({ units, slots, pollMs, seed }: Site) {
  const random = dice(seed);
  const { wrongs, through, most } = watched(slots, random);
  const room = batteryRoom(Array(units).fill(healthy), { pollMs, slots, through });
  const numbers = Array.from({ length: units }, (_, i) => i + 1);
  for (const n of numbers) room.listenTo(n);
  return { room, numbers, wrongs, most, random };
}

/** The oldest that anything known of unit n became between these moments. */
function oldestMs(room: ReturnType<typeof batteryRoom>, n: number, fromMs: number, toMs: number): number {
  const samples = room.samples(n);
  const ages = samples.map(({ atMs }, i) => [atMs, (samples[i + 1]?.nowMs ?? toMs) - atMs] as const);
  const before = ages.findLastIndex(([atMs]) => atMs <= fromMs);
  return Math.max(...ages.slice(Math.max(before, 0)).map(([, ageMs]) => ageMs), samples.length ? 0 : toMs);
}

describe('units that take turns on the links of one radio', () => {
  test('without faults none becomes older than declared, and the radio is never asked for too much', async () => {
    await fc.assert(
      fc.asyncProperty(sites, async (site) => {
        const { room, numbers, wrongs } = opened(site);
        const settledMs = 2 * turnAgeMs(site.units, site.slots, site.pollMs);
        const endMs = settledMs + 60_000;
        await room.clock.to(endMs);
        const declaredMs = turnAgeMs(site.units, site.slots, site.pollMs);
        const ages = numbers.map((n) => oldestMs(room, n, settledMs, endMs));
        expect(wrongs).toEqual([]);
        expect(Math.max(...ages)).toBeLessThanOrEqual(declaredMs);
      }),
      { numRuns: 15 },
    );
  }, 300_000);

  test('whatever goes wrong with links, there are never more than the slots, never two connects, never a scan beside one; and all are back', async () => {
    await fc.assert(
      fc.asyncProperty(sites, async (site) => {
        const { room, numbers, wrongs, random } = opened(site);
        const any = () => 1 + Math.floor(random() * site.units);
        for (let atMs = 0; atMs < 60_000; atMs += random() * 2000) {
          await room.clock.to(atMs);
          const does = [room.drop, room.hide, room.show][Math.floor(random() * 3)];
          does?.(any());
        }
        for (const n of numbers) room.show(n);
        // A unit that was away rests up to 60 s between two turns.
        const backMs = 60_000 + 65_000 + 2 * turnAgeMs(site.units, site.slots, site.pollMs);
        await room.clock.to(backMs + 30_000);
        const declaredMs = turnAgeMs(site.units, site.slots, site.pollMs);
        expect(wrongs).toEqual([]);
        for (const n of numbers)
          expect(oldestMs(room, n, backMs, backMs + 30_000)).toBeLessThanOrEqual(declaredMs);
      }),
      { numRuns: 15 },
    );
  }, 300_000);

  test('all links are used before one is given back', async () => {
    const { room, most } = opened({ units: 5, slots: 3, pollMs: 2000, seed: 7 });
    await room.clock.to(30_000);
    expect(most()).toBe(3);
  });

  test('with enough links each keeps its own', async () => {
    const { room, numbers } = opened({ units: 6, slots: 6, pollMs: 2000, seed: 7 });
    await room.clock.to(60_000);
    for (const n of numbers) expect(room.links(n).map((l) => l.split(' ')[1])).not.toContain('resting');
  });

  test('one that is absent takes nobody his link', async () => {
    const room = batteryRoom([healthy, healthy, healthy], { slots: 2 });
    room.hide(3);
    for (const n of [1, 2, 3]) room.listenTo(n);
    await room.clock.to(120_000);
    for (const n of [1, 2]) expect(room.links(n).map((l) => l.split(' ')[1])).not.toContain('resting');
  });

  test('a link is given back after the round that was due, politely, and its next turn is told apart', async () => {
    const room = batteryRoom([healthy, healthy], { slots: 1 });
    for (const n of [1, 2]) room.listenTo(n);
    await room.clock.to(10_000);
    expect(
      room
        .links(1)
        .slice(0, 8)
        .map((l) => l.split(' ')[1]),
    ).toEqual(['found', 'connecting', 'connected', 'resting', 'found', 'connecting', 'connected', 'resting']);
    const told = room.ofType('link').filter(({ battery }) => battery === 'unit 1');
    expect(told.map(({ inTurn = false }) => inTurn).slice(0, 6)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(room.samples(1).length).toBeGreaterThan(5);
  });

  test('one that hangs gives its link back too', async () => {
    const room = batteryRoom([() => [], healthy], { slots: 1 });
    for (const n of [1, 2]) room.listenTo(n);
    await room.clock.to(30_000);
    expect(room.samples(2).length).toBeGreaterThan(3);
  });
});

describe('the age that is declared', () => {
  test.each([
    [6, 6, 2000, 2500],
    [7, 6, 2000, 5300],
    [8, 6, 2000, 6300],
    [10, 6, 5000, 8300],
    [2, 1, 2000, 7400],
  ])('%i units on %i links at a poll of %i ms: %i ms', (units, links, pollMs, ageMs) => {
    expect(turnAgeMs(units, links, pollMs)).toBe(ageMs);
  });

  test('says how many units a radio serves', () => {
    expect(mostUnits(6, 2000, 6000)).toBe(7);
    expect(mostUnits(6, 5000, 15_000)).toBe(14);
    expect(mostUnits(1, 2000, 6000)).toBe(1);
  });

  test('never falls with more units and never rises with more links', () => {
    fc.assert(
      fc.property(sites, ({ units, slots, pollMs }) => {
        const ageMs = turnAgeMs(units, slots, pollMs);
        expect(turnAgeMs(units + 1, slots, pollMs)).toBeGreaterThanOrEqual(ageMs);
        expect(turnAgeMs(units, slots + 1, pollMs)).toBeLessThanOrEqual(ageMs);
      }),
    );
  });

  test('an address of the room is one', () => expect(addressOf(14)).toBe('02:00:00:00:00:0e'));
});
