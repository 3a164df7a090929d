import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { byd, canProfile, compiledOf, pylontechHv, solax, theCanRoom } from './can-room.ts';
import { theHouse } from './house.ts';

const u16 = (data: Uint8Array | undefined, at: number, little = false): number =>
  new DataView(data?.slice().buffer ?? new ArrayBuffer(0)).getUint16(at, little);

describe('zero limits 15 s + 10 s + one period after the last true sample', () => {
  test('in a family that is told every 2 s from a hello on, at 200 random phases, and nothing rises on the way', () => {
    const PERIOD_MS = 2000;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1999 }), fc.integer({ min: 0, max: 1999 }), (helloMs, lastMs) => {
        const house = theHouse({ onCan: compiledOf(byd) });
        house.speak();
        house.until(100 + helloMs);
        house.inverterSays(0x151, [0]);
        house.until(4000 + lastMs);
        house.speak();
        const edgeMs = house.clock() + 25_000 + PERIOD_MS;
        house.until(edgeMs + 1);
        const limits = house.heard
          .filter((h) => h.frame.id === 0x110)
          .map(({ atMs, frame: { data } }) => ({ atMs, charge: u16(data, 0), discharge: u16(data, 2) }));
        expect(limits[0]).toMatchObject({ charge: 950, discharge: 1500 });
        expect(limits.at(-1)).toMatchObject({ charge: 0, discharge: 0 });
        expect(limits.at(-1)?.atMs).toBeGreaterThan(edgeMs - PERIOD_MS - 20);
        limits.slice(1).forEach(({ charge, discharge }, i) => {
          expect(charge).toBeLessThanOrEqual(limits[i]?.charge ?? 0);
          expect(discharge).toBeLessThanOrEqual(limits[i]?.discharge ?? 0);
        });
      }),
      { numRuns: 200 },
    );
  }, 300_000);

  test('in a family that is polled every second, which is then not answered any more', () => {
    const polled = canProfile(
      `
  every: 1s
  frames: [{ id: 0x4220, extended: true, length: 2, when_asked: [limits], signals: [
    { at: 0, as: u16, from: charge_current_limit_A, scale: 0.1, required: true } ] }]
  receives: [{ id: 0x4200, extended: true, asks: [limits] }]
`,
      'silent',
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (phaseMs) => {
        const house = theHouse({ onCan: compiledOf(polled) });
        house.speak();
        house.until(phaseMs);
        for (let s = 0; s < 70; s++) {
          house.inverterSays(0x4200, [0], true);
          house.until(house.clock() + 1000);
        }
        const told = house.heard.map(({ atMs, frame }) => ({ atMs, limit: u16(frame.data, 0, true) }));
        expect(told.filter(({ atMs, limit }) => atMs > 25_000 && limit > 0)).toEqual([]);
        expect(told.filter(({ atMs, limit }) => atMs < 15_000 && limit < 950)).toEqual([]);
        expect(told.filter(({ atMs }) => atMs > 50_000 && atMs < 59_000)).not.toEqual([]);
        expect(told.filter(({ atMs }) => atMs > 61_000)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  }, 300_000);
});

/** Anything that a bus may carry: ids that the profiles know and others, of any length, in any content. */
const anyFrame: fc.Arbitrary<CanFrame> = fc
  .tuple(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(...[0x151, 0x091, 0x305].map((id) => ({ id, extended: false }))),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom(...[0x4200, 0x8200, 0x1871].map((id) => ({ id, extended: true }))),
      },
      { weight: 1, arbitrary: fc.record({ id: fc.constantFrom(0x151, 0x091), extended: fc.constant(true) }) },
      { weight: 1, arbitrary: fc.record({ id: fc.nat(0x1fffffff), extended: fc.boolean() }) },
    ),
    fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 8 }).map((bytes) => Uint8Array.from(bytes)),
      fc.constant(Uint8Array.of(2, 0, 1, 0, 1, 0, 0, 0)),
    ),
  )
  .map(([name, data]) => ({ ...name, data }));

/** What the families of these tests understand. */
const aPoll: fc.Arbitrary<CanFrame> = fc
  .constantFrom<[number, number[]][]>(
    [0x4200, [0]],
    [0x4200, [2]],
    [0x1871, [1]],
    [0x1871, [2, 0, 1, 0, 1]],
    [0x1871, [2, 0, 1, 0, 0]],
    [0x1871, [5]],
  )
  .map(([id, data]) => ({ id, extended: true, data: Uint8Array.from(data) }));

const isHello = ({ id, extended, data }: CanFrame): boolean =>
  (!extended && id === 0x151 && data.length >= 1) || (!extended && id === 0x091 && data.length >= 4);

describe('whatever the bus carries', () => {
  test('nothing throws, no frame goes out before the first sign of life, and every frame is counted', () => {
    const bursts = fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), anyFrame), { maxLength: 60 });
    let started = 0;
    fc.assert(
      fc.property(bursts, (said) => {
        const room = theCanRoom([byd]);
        let helloMs = Number.POSITIVE_INFINITY;
        for (const [waitMs, frame] of said) {
          room.until(room.clock() + waitMs);
          if (isHello(frame)) helloMs = Math.min(helloMs, room.clock());
          room.says(frame.id, [...frame.data], frame.extended);
        }
        room.until(room.clock() + 10_000);
        const first = room.heard[0]?.atMs ?? Number.POSITIVE_INFINITY;
        expect(first).toBe(helloMs);
        if (helloMs < Number.POSITIVE_INFINITY) started++;
        const { meant, malformed, unknown } = room.output.received();
        expect(meant + malformed + unknown).toBe(said.length);
      }),
      { numRuns: 300 },
    );
    expect(started).toBeGreaterThan(20);
  });

  test('a polled family says only what was asked, two frames are never closer than the gap, in every phase', () => {
    const bursts = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.oneof(anyFrame, aPoll)), {
      minLength: 10,
      maxLength: 100,
    });
    let answered = 0;
    fc.assert(
      fc.property(fc.constantFrom(pylontechHv, solax), bursts, fc.nat(50), (text, said, urgentAt) => {
        const room = theCanRoom([text]);
        said.forEach(([waitMs, frame], i) => {
          room.until(room.clock() + waitMs);
          room.says(frame.id, [...frame.data], frame.extended);
          if (i === urgentAt) room.output.urgent();
        });
        const lastMs = room.clock();
        room.until(lastMs + 5000);
        const times = room.heard.map(({ atMs }) => atMs);
        times.slice(1).forEach((ms, i) => {
          expect(ms - (times[i] ?? 0)).toBeGreaterThanOrEqual(5);
        });
        expect((times.at(-1) ?? 0) - lastMs).toBeLessThanOrEqual(50);
        answered += times.length;
        if (!said.some(([, f]) => f.extended && [0x4200, 0x1871].includes(f.id))) expect(times).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(answered).toBeGreaterThan(100);
  });
});
