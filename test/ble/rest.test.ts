// A person lets a battery rest, so that the maker's app may talk to it. It always comes back.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RestOrder } from '../../src/ble/orders.ts';
import { batteryRoom, healthy } from './room.ts';

const TEN_MIN_MS = 600_000;

const rest = (what: RestOrder['what'], untilMs: number, unit = 1): RestOrder => ({
  type: 'rest',
  battery: `unit ${unit}`,
  what,
  untilMs,
});

const states = (room: ReturnType<typeof batteryRoom>, n = 1) =>
  room.links(n).map((l) => l.slice(l.indexOf(' ') + 1));

describe('a battery whose link rests', () => {
  test('is let go at once, not looked for and not asked, and read again by itself', async () => {
    const room = batteryRoom([healthy]);
    const one = room.listenTo(1);
    await room.clock.to(5000);
    one.rest(rest('link', 5000 + TEN_MIN_MS));
    await room.clock.to(6000);
    const asked = room.asked.length;
    const heard = room.samples().length;
    await room.clock.to(5000 + TEN_MIN_MS - 1);
    expect(room.asked).toHaveLength(asked);
    expect(room.samples()).toHaveLength(heard);
    expect(room.links().at(-1)).toMatch(/let go$/);
    await room.clock.to(5000 + TEN_MIN_MS + 5000);
    expect(room.samples().length).toBeGreaterThan(heard);
    expect(states(room)).toEqual([
      'found',
      'connecting',
      'connected',
      'let go',
      'found',
      'connecting',
      'connected',
    ]);
  });

  test('is read again at once when a person says so', async () => {
    const room = batteryRoom([healthy]);
    const one = room.listenTo(1);
    await room.clock.to(5000);
    one.rest(rest('link', 5000 + TEN_MIN_MS));
    await room.clock.to(30_000);
    const heard = room.samples().length;
    one.resume('unit 1');
    await room.clock.to(33_000);
    expect(room.samples().length).toBeGreaterThan(heard);
  });

  test('is not taken by an ear that begins while it rests', async () => {
    const room = batteryRoom([healthy], { rests: [rest('link', 60_000)] });
    room.listenTo(1);
    await room.clock.to(59_000);
    expect(room.asked).toHaveLength(0);
    await room.clock.to(65_000);
    expect(room.samples().length).toBeGreaterThan(0);
  });

  test('does not come back sooner because a remedy is tried on it', async () => {
    const room = batteryRoom([healthy]);
    const one = room.listenTo(1);
    await room.clock.to(5000);
    one.rest(rest('link', 60_000));
    await room.clock.to(10_000);
    const asked = room.asked.length;
    one.again();
    await room.clock.to(50_000);
    expect(room.asked).toHaveLength(asked);
  });

  test('leaves its turn to the others where the radio has one link', async () => {
    const room = batteryRoom([healthy, healthy], { slots: 1 });
    const one = room.listenTo(1);
    room.listenTo(2);
    await room.clock.to(20_000);
    one.rest(rest('link', 200_000));
    await room.clock.to(30_000);
    const before = room.samples(2).length;
    await room.clock.to(60_000);
    // Nobody else wants the link: it stays with the second, which is asked every 2 s.
    expect(room.samples(2).length - before).toBeGreaterThanOrEqual(14);
  });

  test('that stops while it rests ends', async () => {
    const room = batteryRoom([healthy]);
    const one = room.listenTo(1);
    await room.clock.to(5000);
    one.rest(rest('link', 60_000));
    await room.clock.to(6000);
    one.stop();
    await one.ended;
  });
});

describe('a battery whose reading rests', () => {
  test('keeps its link and is not asked, for longer than a dead link may live', async () => {
    const room = batteryRoom([healthy]);
    const one = room.listenTo(1);
    await room.clock.to(5000);
    one.rest(rest('reading', 65_000));
    await room.clock.to(6000);
    const asked = room.asked.length;
    const heard = room.samples().length;
    await room.clock.to(64_000);
    expect(room.asked).toHaveLength(asked);
    expect(room.samples()).toHaveLength(heard);
    expect(states(room)).toEqual(['found', 'connecting', 'connected']);
    await room.clock.to(70_000);
    expect(room.samples().length).toBeGreaterThan(heard);
    expect(states(room)).toEqual(['found', 'connecting', 'connected']);
  });

  test('gives its link back to one that waits for it', async () => {
    const room = batteryRoom([healthy, healthy], { slots: 1 });
    const one = room.listenTo(1);
    await room.clock.to(5000);
    one.rest(rest('reading', 300_000));
    room.listenTo(2);
    await room.clock.to(30_000);
    expect(room.samples(2).length).toBeGreaterThan(0);
  });
});

describe('whatever a person does, and whatever the radio does', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('rest' as const), what: fc.constantFrom('link', 'reading') }),
    fc.record({ kind: fc.constant('resume' as const) }),
    fc.record({ kind: fc.constant('drop' as const) }),
    fc.record({ kind: fc.constant('stall' as const) }),
    fc.record({ kind: fc.constant('again' as const) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  );

  test('a battery is read again within ten minutes and the usual time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const room = batteryRoom([healthy]);
        const one = room.listenTo(1);
        await room.clock.to(3000);
        for (const s of steps) {
          if (s.kind === 'rest') one.rest(rest(s.what as RestOrder['what'], room.clock.now() + TEN_MIN_MS));
          else if (s.kind === 'resume') one.resume('unit 1');
          else if (s.kind === 'drop') room.drop(1);
          else if (s.kind === 'again') one.again();
          else if (s.kind === 'stall') one.stalled();
          await room.clock.by(s.kind === 'wait' ? s.ms : 700);
        }
        const endMs = room.clock.now();
        await room.clock.to(endMs + TEN_MIN_MS + 90_000);
        const last = room.samples().at(-1)?.nowMs ?? 0;
        expect(last).toBeGreaterThan(endMs + TEN_MIN_MS);
        one.stop();
        await one.ended;
      }),
      { numRuns: 40 },
    );
  });

  test('no sample is heard of a battery that rests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<RestOrder['what']>('link', 'reading'),
        fc.integer({ min: 0, max: 8000 }),
        async (what, atMs) => {
          const room = batteryRoom([healthy]);
          const one = room.listenTo(1);
          await room.clock.to(atMs);
          one.rest(rest(what, atMs + 60_000));
          await room.clock.to(atMs + 90_000);
          const during = room.samples().filter(({ nowMs }) => nowMs > atMs && nowMs < atMs + 60_000);
          expect(during).toEqual([]);
          expect(room.samples().at(-1)?.nowMs).toBeGreaterThan(atMs + 60_000);
          one.stop();
          await one.ended;
        },
      ),
      { numRuns: 60 },
    );
  });
});
